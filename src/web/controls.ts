import type { Attempt } from './attempt.js';
import type { MjdSpan, RangeName } from './data/range.js';
import { byId } from './element.js';
import { mjdOfText, utc } from './format.js';
import type { TimeView } from './view.js';

/** The row of buttons above the map. */
export function startControls(view: TimeView, attempt: Attempt): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-range]')];
  view.onChoice(() => {
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.range === view.range));
    byId('custom').hidden = view.range !== 'custom';
    if (view.range === 'custom') fill(view.rangeSpan);
  });
  for (const button of buttons) {
    const range = button.dataset.range as RangeName;
    button.addEventListener('click', () => {
      // A custom range begins as what was on show.
      void attempt('range', () => view.choose(range, range === 'custom' ? view.finiteSpan : undefined));
    });
  }
  for (const id of ['from', 'to']) {
    byId(id).addEventListener('change', () => {
      const custom = readCustom();
      if (custom) void attempt('range', () => view.choose('custom', custom));
    });
  }
  byId('controls').addEventListener('submit', (event) => {
    event.preventDefault();
    (document.activeElement as HTMLElement | null)?.blur();
  });
}

/** The range in the fields; undefined, with the reason beside them, where they hold none. */
function readCustom(): MjdSpan | undefined {
  const fields = [byId<HTMLInputElement>('from'), byId<HTMLInputElement>('to')];
  const [start, end] = fields.map(({ value }) => mjdOfText(value));
  for (const [i, field] of fields.entries())
    field.setAttribute('aria-invalid', String([start, end][i] === undefined));
  const error =
    start === undefined || end === undefined
      ? 'Write dates as YYYY-MM-DD or YYYY-MM-DD HH:MM:SS.'
      : start >= end
        ? '“From” must be earlier than “to”.'
        : '';
  if (start !== undefined && end !== undefined && start >= end)
    for (const field of fields) field.setAttribute('aria-invalid', 'true');
  byId('custom-error').textContent = error;
  return error === '' ? { start: start as number, end: end as number } : undefined;
}

function fill({ start, end }: MjdSpan): void {
  if (!Number.isFinite(start) || !Number.isFinite(end)) return;
  byId<HTMLInputElement>('from').value = utc(start);
  byId<HTMLInputElement>('to').value = utc(end);
  byId('custom-error').textContent = '';
  for (const id of ['from', 'to']) byId(id).removeAttribute('aria-invalid');
}
