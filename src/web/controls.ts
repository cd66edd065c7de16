import { historyCsvUrl } from './data/api.js';
import type { RangeName } from './data/range.js';
import { byId } from './element.js';
import { mjdOfUnix, unixOfMjd, utc } from './format.js';
import type { SkyMap } from './map/sky-map.js';
import type { TimeView } from './view.js';

const inputValue = (mjd: number) => utc(mjd).replace(' ', 'T');
const mjdOfInput = (id: string) => mjdOfUnix(Date.parse(`${byId<HTMLInputElement>(id).value}Z`) / 1000);

/** The row of buttons above the map. */
export function startControls(view: TimeView, map: SkyMap, load: () => void): void {
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
    load();
  };
  for (const button of buttons)
    button.addEventListener('click', () => choose(button.dataset.range as RangeName));
  for (const id of ['from', 'to']) {
    byId(id).addEventListener('change', () => {
      const [start, end] = [mjdOfInput('from'), mjdOfInput('to')];
      if (!(start < end)) return;
      view.custom = { start, end };
      load();
    });
  }
  byId('controls').addEventListener('submit', (event) => event.preventDefault());
  byId<HTMLAnchorElement>('csv').addEventListener('click', ({ currentTarget }) => {
    (currentTarget as HTMLAnchorElement).href = historyCsvUrl(view.span);
  });
  byId('png').addEventListener('click', savePng);
  byId('zoom-in').addEventListener('click', () => map.navigation.zoomBy(1.6));
  byId('zoom-out').addEventListener('click', () => map.navigation.zoomBy(1 / 1.6));
  byId('zoom-all').addEventListener('click', () => map.navigation.reset());
  mark();
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
  byId<HTMLInputElement>('from').value = inputValue(view.custom.start);
  byId<HTMLInputElement>('to').value = inputValue(view.custom.end + 1 / 86_400);
  if (unixOfMjd(view.custom.start) < 0) byId<HTMLInputElement>('from').value = '1970-01-01T00:00:00';
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
