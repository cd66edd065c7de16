import { type Failures, fetchFailures } from '../data/api.js';
import { element } from '../element.js';
import { count, minutes } from '../format.js';
import { pathWithCopy } from './observation.js';
import type { ShowPanel } from './panel.js';
import { table } from './table.js';

type Failure = Failures['items'][number];
type State = 'failed' | 'waiting';

/** Groups that the user closed stay closed when the panel is shown again. */
const closed = new Set<string>();

/** Files without a row, by the reason, with what to do about it. */
export const show: ShowPanel = async () => {
  const [failed, waiting] = await Promise.all([fetchFailures('failed'), fetchFailures('waiting')]);
  return [...sectionOf('Waiting', 'waiting', waiting), ...sectionOf('Failed', 'failed', failed)];
};

const nextTry = ({ retried_within_seconds: seconds }: Failure) =>
  seconds === null
    ? 'when the file changes, or after “pointing-monitor retry”'
    : `by itself, within ${minutes(seconds)}`;

function sectionOf(title: string, state: State, { total, items }: Failures): Node[] {
  const codes = [...new Set(items.map(({ code }) => code))];
  const listed = total > items.length ? `, the latest ${items.length} listed` : '';
  return [
    element('h3', {}, `${title}: ${total === 1 ? '1 file' : `${count(total)} files`} in the ledger${listed}`),
    ...codes.map((code) =>
      groupOf(
        code,
        items.filter((each) => each.code === code),
        state,
        total > items.length,
      ),
    ),
  ];
}

function groupOf(code: string, group: readonly Failure[], state: State, isPart: boolean): HTMLElement {
  const [{ meaning, remedy }] = group as [Failure];
  const key = `${state} ${code}`;
  const details = element(
    'details',
    { class: 'failure-group', ...(!closed.has(key) && { open: '' }) },
    element(
      'summary',
      {},
      element('code', {}, code),
      ` ${count(group.length)}${isPart ? ' of those listed' : ''} · ${meaning}`,
    ),
    element('p', {}, element('strong', {}, 'What to do: '), remedy),
    table(
      `Files with ${code}`,
      [
        {
          name: 'File',
          cell: ({ path, host }) =>
            host ? element('div', {}, `${host}: `, pathWithCopy(path)) : pathWithCopy(path),
        },
        { name: 'Why', cell: ({ message }) => message },
        { name: 'Tries', number: true, cell: ({ attempts }) => count(attempts) },
        { name: 'Last try, UTC', cell: ({ recorded_at }) => recorded_at.slice(0, 19).replace('T', ' ') },
        { name: 'Next try', cell: nextTry },
      ],
      group,
    ),
  );
  details.addEventListener('toggle', () => (details.open ? closed.delete(key) : closed.add(key)));
  return details;
}
