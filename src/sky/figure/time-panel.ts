import { isoOfMjdUtc, mjdUtc } from '../../units.js';
import type { Dwell } from '../dwells.js';
import type { Gap } from '../gaps.js';
import { linear, ticks } from './scale.js';
import type { Frame } from './sky-panel.js';
import { line, rect, text } from './svg.js';

const minOf = (values: readonly number[]) => (values.length > 0 ? Math.min(...values) : undefined);

/** Declination against time: a bar for each dwell, and a shadow where nothing was observed. */
export function timePanel(
  dwells: readonly Dwell[],
  gaps: readonly Gap[],
  [decMin, decMax]: readonly [number, number],
  frame: Frame,
): string {
  const first = minOf([dwells[0], gaps[0]].flatMap((each) => each?.fromMjdUtc ?? [])) ?? 0;
  const ends = [dwells.at(-1), gaps.at(-1)].flatMap((each) => each?.toMjdUtc ?? []);
  const last = Math.max(...ends, first + 0.1);
  const x = linear([first, last], [frame.x, frame.x + frame.width]);
  const y = linear([decMin, decMax], [frame.y + frame.height, frame.y]);
  const days = ticks(first, last, 8, [1 / 24, 0.125, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500]);
  const daily = (days[1] ?? 1) - (days[0] ?? 0) >= 1;
  return [
    rect(frame.x, frame.y, frame.width, frame.height, { fill: '#f4f7fa' }),
    ...gaps.map(({ fromMjdUtc, toMjdUtc, minutes }) =>
      rect(
        x(fromMjdUtc),
        frame.y,
        Math.max(1, x(toMjdUtc) - x(fromMjdUtc)),
        frame.height,
        { fill: '#b0413e', 'fill-opacity': 0.22 },
        `nothing observed for ${(minutes / 60).toFixed(1)} h from ${isoOfMjdUtc(fromMjdUtc)}`,
      ),
    ),
    ...ticks(decMin, decMax, 5).flatMap((decDeg) => [
      line(frame.x, y(decDeg), frame.x + frame.width, y(decDeg), { 'stroke-opacity': 0.12 }),
      text(frame.x - 8, y(decDeg) + 4, `${decDeg}°`, { 'text-anchor': 'end' }),
    ]),
    ...dwells.map(({ fromMjdUtc, toMjdUtc, decDeg }) =>
      rect(
        x(fromMjdUtc),
        y(decDeg) - 2,
        Math.max(1.5, x(toMjdUtc) - x(fromMjdUtc)),
        4,
        { fill: '#2171b5' },
        `declination ${decDeg.toFixed(2)} deg from ${isoOfMjdUtc(fromMjdUtc)} to ${isoOfMjdUtc(toMjdUtc)}`,
      ),
    ),
    ...days.map((day) => {
      const iso = isoOfMjdUtc(mjdUtc(day));
      return text(
        x(day),
        frame.y + frame.height + 18,
        daily ? iso.slice(0, 10) : iso.slice(5, 16).replace('T', ' '),
        {
          'text-anchor': 'middle',
        },
      );
    }),
  ].join('');
}
