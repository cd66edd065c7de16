/** `?kiosk`: the page on a wall. No controls; it shows now, 24 hours and 30 days. */
import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import uPlot from 'uplot';
import type { Attempt } from './attempt.js';
import { colour, font, onThemeChange } from './colours.js';
import { fetchGaps, fetchTrack, type Gap } from './data/api.js';
import { nowMjd } from './data/clock.js';
import { type Dwell, dwellsOf } from './data/dwells.js';
import { utcFace } from './data/face.js';
import { onTelescopeChange } from './data/instrument.js';
import type { MjdSpan } from './data/range.js';
import type { Track } from './data/track.js';
import { byId, element } from './element.js';
import { mjdOfUnix, unixOfMjd, utc } from './format.js';
import { oneAtATime } from './one-at-a-time.js';
import {
  declinationRange,
  declinationTick,
  drawDwells,
  drawNow,
  fontPxOf,
  shadeGaps,
} from './panels/plot-drawing.js';
import { ticksOf } from './panels/time-ticks.js';

const RANGES = [
  ['24 hours', 1],
  ['30 days', 30],
] as const;
const REFRESH_MS = 60_000;

export function startKiosk(attempt: Attempt): void {
  byId<HTMLDetailsElement>('monitor').open = true;
  const refreshes = RANGES.map(([title, days]) => {
    const place = element('div', { class: 'wall-plot', role: 'img', 'aria-label': `Declination, ${title}` });
    byId('wall').append(element('div', {}, element('h2', {}, `Declination, ${title}`), place));
    let plot: uPlot | undefined;
    return oneAtATime(async () => {
      const now = nowMjd();
      const span = { start: now - days, end: now };
      const { signal } = new AbortController();
      const [track, gaps] = await Promise.all([fetchTrack(span, signal), fetchGaps(span)]);
      plot?.destroy();
      plot = drawn(place, track, gaps, span);
    });
  });
  byId('wall').hidden = false;
  keepRowsWithinTheirColumn();
  for (const id of ['issues', 'warnings']) countWithoutRoom(byId(id));
  const refresh = () => {
    for (const [i, each] of refreshes.entries()) void attempt(`wall ${i}`, each);
  };
  refresh();
  setInterval(refresh, REFRESH_MS);
  onThemeChange(refresh);
  onTelescopeChange(refresh);
  addEventListener('resize', refresh);
}

/** What makes way where a column is full, the last first: their lists lose rows from the end. */
const LISTS = ['hosts', 'transits', 'recent'];

/** Nobody scrolls a wall: its column shows the rows that it has room for. */
function keepRowsWithinTheirColumn(): void {
  const column = byId('recent').closest('aside') as HTMLElement;
  const fit = () => {
    const rows = LISTS.flatMap((id) => [...byId(id).querySelectorAll<HTMLElement>('tbody tr')]);
    const cards = [...column.querySelectorAll<HTMLElement>('.next, .recent')];
    for (const each of [...cards, ...rows]) each.hidden = false;
    while (column.scrollHeight > column.clientHeight) {
      const last = rows.pop();
      if (!last) return;
      last.hidden = true;
      const card = cards.find((each) => each.contains(last));
      if (card && !card.querySelector('tbody tr:not([hidden])')) card.hidden = true;
    }
  };
  new MutationObserver(fit).observe(column, { childList: true, subtree: true });
  new ResizeObserver(fit).observe(column);
}

/** Items that a list has no room for are said to be there. */
function countWithoutRoom(list: HTMLElement): void {
  const fit = () => {
    const items = [...list.children] as HTMLElement[];
    for (const item of items) item.hidden = false;
    delete list.dataset.more;
    for (let left = 1; left < items.length && list.scrollHeight > list.clientHeight; left++) {
      (items.at(-left) as HTMLElement).hidden = true;
      list.dataset.more = `and ${left} more`;
    }
  };
  new MutationObserver(fit).observe(list, { childList: true });
  new ResizeObserver(fit).observe(list);
}

function drawn(place: HTMLElement, track: Track, gaps: readonly Gap[], { start, end }: MjdSpan): uPlot {
  const dwells: readonly Dwell[] = dwellsOf(track);
  const times = Array.from({ length: track.count }, (_, i) => unixOfMjd(track.mjd(i)));
  const fontPx = fontPxOf(place);
  const axis: uPlot.Axis = {
    stroke: colour('text'),
    font: font(fontPx),
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
  };
  return new uPlot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: true, range: [unixOfMjd(start), unixOfMjd(end)] },
        y: { range: declinationRange },
      },
      series: [{}, { paths: () => null, points: { show: false } }],
      axes: [
        {
          ...axis,
          size: 1.7 * fontPx,
          space: 8 * fontPx,
          splits: (_, __, from, to, stepSeconds) => ticksOf(utcFace, from, to, stepSeconds),
          values: (_, ticks, __, ___, step) =>
            ticks.map((unix) => utc(mjdOfUnix(unix)).slice(...(step < SECONDS_PER_DAY ? [11, 16] : [5, 10]))),
        },
        { ...axis, size: 3.8 * fontPx, space: 2.5 * fontPx, values: (_, decs) => decs.map(declinationTick) },
      ],
      hooks: {
        drawClear: [(plot) => shadeGaps(plot, gaps)],
        draw: [
          (plot) => {
            drawDwells(plot, dwells, fontPx);
            drawNow(plot, end, fontPx);
          },
        ],
      },
    },
    [times, times.map((_, i) => track.decDeg(i))],
    place,
  );
}
