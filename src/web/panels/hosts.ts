import type { Host } from '../data/api.js';
import { byId, element } from '../element.js';
import { count, duration } from '../format.js';

type State = 'well' | 'ill' | 'stopped';

/** A sign besides the colour, for eyes that do not tell colours apart. */
const SIGNS: Record<State, string> = { well: '●', ill: '▲', stopped: '■' };

const stateOf = ({ running, healthy }: Host): State => (!running ? 'stopped' : healthy ? 'well' : 'ill');
const WORDS: Record<State, string> = { well: 'healthy', ill: 'unhealthy', stopped: 'stopped' };

const HEADINGS = [
  ['Host', ''],
  ['Stored', 'Files stored since the monitor started'],
  ['Failed', 'Files failed since the monitor started'],
  ['Queue', 'Files ready, being read or waiting to be retried'],
  ['Updated', 'Age of the status'],
] as const;

/** Every host that writes to the database, where there are several: the worst first. */
export function showHosts(hosts: readonly Host[]): void {
  const place = byId('hosts');
  place.hidden = hosts.length < 2;
  if (place.hidden) return;
  const head = HEADINGS.map(([text, title]) =>
    element('th', { scope: 'col', title, ...(text !== 'Host' && { class: 'number' }) }, text),
  );
  place.replaceChildren(
    element(
      'table',
      { class: 'plain' },
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...hosts.map(row)),
    ),
  );
}

function row(host: Host): HTMLTableRowElement {
  const state = stateOf(host);
  const {
    files_succeeded: stored,
    files_failed: failed,
    queue_depth: queue,
    status_file_age_seconds: age,
  } = host;
  const numbers = [stored, failed, queue].map((value) => (value === null ? '–' : count(value)));
  return element(
    'tr',
    { title: host.issues.join('\n') || WORDS[state] },
    element(
      'th',
      { scope: 'row' },
      element('span', { class: `sign ${state}`, role: 'img', 'aria-label': WORDS[state] }, SIGNS[state]),
      ` ${host.host}`,
    ),
    ...numbers.map((text) => element('td', { class: 'number' }, text)),
    element('td', { class: 'number' }, age === null ? '–' : duration(age)),
  );
}
