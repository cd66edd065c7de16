import { historyCsvUrl, type MjdSpan } from './data/api.js';
import type { RangeName } from './data/range.js';
import { byId } from './element.js';
import { mjdOfUnix, utc } from './format.js';
import type { TimeView } from './view.js';

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?)?Z?$/;

/** Of a date with or without a time, UTC. Undefined where it is none, also for the 30th of February. */
function mjdOfText(text: string): number | undefined {
  const [, date, time = '00:00', seconds = '00'] = ISO.exec(text.trim()) ?? [];
  const iso = `${date}T${time}:${seconds}`;
  const milliseconds = Date.parse(`${iso}Z`);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 19) !== iso)
    return undefined;
  return mjdOfUnix(milliseconds / 1000);
}

/** The row of buttons above the map. */
export function startControls(view: TimeView, load: () => Promise<boolean>): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-range]')];
  const mark = () => {
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.range === view.range));
    byId('custom').hidden = view.range !== 'custom';
  };
  const choose = (range: RangeName) => {
    if (range === 'custom') prefillCustom(view);
    view.range = range;
    if (range !== 'custom') history.replaceState(null, '', `#${range}`);
    mark();
    void load().then(mark);
  };
  for (const button of buttons)
    button.addEventListener('click', () => choose(button.dataset.range as RangeName));
  for (const id of ['from', 'to']) {
    byId(id).addEventListener('change', () => {
      const custom = readCustom();
      if (!custom) return;
      view.custom = custom;
      void load();
    });
  }
  byId('controls').addEventListener('submit', (event) => {
    event.preventDefault();
    (document.activeElement as HTMLElement | null)?.blur();
  });
  byId<HTMLAnchorElement>('csv').addEventListener('click', ({ currentTarget }) => {
    (currentTarget as HTMLAnchorElement).href = historyCsvUrl(view.span);
  });
  byId('png').addEventListener('click', savePng);
  mark();
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

/** A custom range begins as what was on show. */
function prefillCustom(view: TimeView): void {
  const { start, end } = view.span;
  const newest = view.newestMjd ?? mjdOfUnix(Date.now() / 1000);
  const first = view.track.count > 0 ? view.track.mjd(0) : newest - 1;
  view.custom = {
    start: Number.isFinite(start) ? start : first,
    end: Number.isFinite(end) ? end : Math.max(newest, mjdOfUnix(Date.now() / 1000)),
  };
  byId<HTMLInputElement>('from').value = utc(view.custom.start);
  byId<HTMLInputElement>('to').value = utc(view.custom.end + 1 / 86_400);
  byId('custom-error').textContent = '';
}

/** The map as it is on the screen. */
function savePng(): void {
  byId<HTMLCanvasElement>('map').toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `pointing-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}
