import type { Band, Coverage } from '../coverage.js';
import { linear, type Scale, shade, ticks } from './scale.js';
import { element, line, rect, text } from './svg.js';

/** Where a panel lies in its figure, pixels. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const BARS_WIDTH = 130;
const BARS_GAP = 24;
const HOUR = 3600;

/** Time on sky by right ascension, which grows to the left, and declination; beside it the hours of each band. */
export function skyPanel(
  { bands }: Coverage,
  [decMin, decMax]: readonly [number, number],
  frame: Frame,
): string {
  const map = { ...frame, width: frame.width - BARS_WIDTH - BARS_GAP };
  const bars = { ...frame, x: frame.x + frame.width - BARS_WIDTH, width: BARS_WIDTH };
  const x = linear([0, 360], [map.x + map.width, map.x]);
  const y = linear([decMin, decMax], [frame.y + frame.height, frame.y]);
  const most = Math.max(0, ...bands.flatMap(({ raBinSeconds }) => raBinSeconds));
  return [
    rect(map.x, map.y, map.width, map.height, { fill: '#f4f7fa' }),
    ...ticks(decMin, decMax, 8).flatMap((decDeg) => [
      line(map.x, y(decDeg), map.x + map.width, y(decDeg), { 'stroke-opacity': 0.12 }),
      text(map.x - 8, y(decDeg) + 4, `${decDeg}°`, { 'text-anchor': 'end' }),
    ]),
    ...bands.flatMap((band) => cells(band, most, x, y)),
    ...[0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) =>
      text(x(hour * 15), map.y + map.height + 18, `${hour}h`, { 'text-anchor': 'middle' }),
    ),
    text(map.x + map.width / 2, map.y + map.height + 38, 'apparent right ascension', {
      'text-anchor': 'middle',
    }),
    legend(most, { x: map.x + map.width - 190, y: map.y - 20, width: 120, height: 8 }),
    hours(bands, y, bars),
  ].join('');
}

function cells({ decMinDeg, decMaxDeg, raBinSeconds }: Band, most: number, x: Scale, y: Scale): string[] {
  const widthDeg = 360 / raBinSeconds.length;
  return raBinSeconds.flatMap((seconds, i) => {
    if (seconds <= 0) return [];
    const left = x((i + 1) * widthDeg);
    const tip = `RA ${(i * widthDeg).toFixed(0)} to ${((i + 1) * widthDeg).toFixed(0)} deg, Dec ${decMinDeg} to ${decMaxDeg} deg: ${(seconds / HOUR).toFixed(2)} h`;
    // A hair wider than the cell, so that no seam shows between neighbours.
    return rect(
      left,
      y(decMaxDeg),
      x(i * widthDeg) - left + 0.3,
      y(decMinDeg) - y(decMaxDeg),
      { fill: shade(seconds / most) },
      tip,
    );
  });
}

function legend(most: number, { x, y, width, height }: Frame): string {
  const parts = 24;
  const swatches = Array.from({ length: parts }, (_, i) =>
    rect(x + (i * width) / parts, y, width / parts + 0.3, height, { fill: shade((i + 0.5) / parts) }),
  );
  return [
    ...swatches,
    text(x - 6, y + height, '0', { 'text-anchor': 'end' }),
    text(x + width + 6, y + height, `${(most / HOUR).toFixed(1)} h a cell`),
  ].join('');
}

function hours(bands: readonly Band[], y: Scale, { x, y: top, width, height }: Frame): string {
  const most = Math.max(0, ...bands.map(({ seconds }) => seconds));
  const length = linear([0, most], [0, width - 44]);
  return [
    line(x, top, x, top + height, { 'stroke-opacity': 0.4 }),
    ...bands.map(({ decMinDeg, decMaxDeg, seconds }) => {
      const middle = (y(decMinDeg) + y(decMaxDeg)) / 2;
      const thick = Math.max(3, Math.min(y(decMinDeg) - y(decMaxDeg), 14));
      return [
        rect(x, middle - thick / 2, length(seconds), thick, { fill: '#2171b5' }),
        text(x + length(seconds) + 5, middle + 4, `${(seconds / HOUR).toFixed(seconds < 36000 ? 1 : 0)} h`),
      ].join('');
    }),
    text(x, top + height + 18, 'hours by declination'),
  ].reduce((all, part) => all + part, element('g', {}));
}
