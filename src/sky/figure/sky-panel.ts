import { type Band, type Coverage, decimalsOf, longestBin } from '../coverage.js';
import { linear, type Scale, shade, ticks } from './scale.js';
import { line, rect, text } from './svg.js';

/** Where a panel lies in its figure, pixels. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const BARS_WIDTH = 130;
const BARS_GAP = 24;
const WORD_HEIGHT = 13;
const HOUR = 3600;

/** Time on sky by right ascension, which grows to the left, and declination; beside it the hours of each band. */
export function skyPanel(
  { bands, raBinDeg }: Coverage,
  [decMin, decMax]: readonly [number, number],
  frame: Frame,
): string {
  const map = { ...frame, width: frame.width - BARS_WIDTH - BARS_GAP };
  const bars = { ...frame, x: frame.x + frame.width - BARS_WIDTH, width: BARS_WIDTH };
  const x = linear([0, 360], [map.x + map.width, map.x]);
  const y = linear([decMin, decMax], [frame.y + frame.height, frame.y]);
  const longest = longestBin(bands);
  return [
    rect(map.x, map.y, map.width, map.height, { fill: '#f4f7fa' }),
    ...ticks(decMin, decMax, 8).flatMap((decDeg) => [
      line(map.x, y(decDeg), map.x + map.width, y(decDeg), { 'stroke-opacity': 0.12 }),
      text(map.x - 8, y(decDeg) + 4, `${decDeg}°`, { 'text-anchor': 'end' }),
    ]),
    ...bands.flatMap((band) => cells(band, raBinDeg, longest, x, y)),
    ...[0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) =>
      text(x(hour * 15), map.y + map.height + 18, `${hour}h`, { 'text-anchor': 'middle' }),
    ),
    text(map.x + map.width / 2, map.y + map.height + 38, 'apparent right ascension', {
      'text-anchor': 'middle',
    }),
    legend(longest, { x: map.x + map.width - 190, y: map.y - 20, width: 120, height: 8 }),
    hours(bands, y, bars),
  ].join('');
}

function cells(
  { decMinDeg, decMaxDeg, raBinSeconds }: Band,
  raBinDeg: number,
  longest: number,
  x: Scale,
  y: Scale,
): string[] {
  const decimals = decimalsOf(raBinDeg);
  return raBinSeconds.flatMap((seconds, i) => {
    if (seconds <= 0) return [];
    const fromDeg = i * raBinDeg;
    const toDeg = Math.min(fromDeg + raBinDeg, 360);
    const left = x(toDeg);
    const tip = `RA ${fromDeg.toFixed(decimals)} to ${toDeg.toFixed(decimals)} deg, Dec ${decMinDeg} to ${decMaxDeg} deg: ${(seconds / HOUR).toFixed(2)} h`;
    // A hair wider than the cell, so that no seam shows between neighbours.
    return rect(
      left,
      y(decMaxDeg),
      x(fromDeg) - left + 0.3,
      y(decMinDeg) - y(decMaxDeg),
      { fill: shade(seconds / longest) },
      tip,
    );
  });
}

function legend(longest: number, { x, y, width, height }: Frame): string {
  const parts = 24;
  const swatches = Array.from({ length: parts }, (_, i) =>
    rect(x + (i * width) / parts, y, width / parts + 0.3, height, { fill: shade((i + 0.5) / parts) }),
  );
  return [
    ...swatches,
    text(x - 6, y + height, '0', { 'text-anchor': 'end' }),
    text(x + width + 6, y + height, `${(longest / HOUR).toFixed(1)} h per cell`),
  ].join('');
}

function hours(bands: readonly Band[], y: Scale, { x, y: top, width, height }: Frame): string {
  const longest = Math.max(0, ...bands.map(({ seconds }) => seconds));
  const length = linear([0, longest], [0, width - 48]);
  const middle = ({ decMinDeg, decMaxDeg }: Band) => (y(decMinDeg) + y(decMaxDeg)) / 2;
  return [
    line(x, top, x, top + height, { 'stroke-opacity': 0.4 }),
    ...bands.map((band) => {
      const thick = Math.max(3, Math.min(y(band.decMinDeg) - y(band.decMaxDeg), 14));
      const tip = `Dec ${band.decMinDeg} to ${band.decMaxDeg} deg: ${(band.seconds / HOUR).toFixed(1)} h`;
      return rect(x, middle(band) - thick / 2, length(band.seconds), thick, { fill: '#2171b5' }, tip);
    }),
    ...apart(bands, middle).map((band) => {
      const words = `${(band.seconds / HOUR).toFixed(band.seconds < 10 * HOUR ? 1 : 0)} h`;
      return text(x + length(band.seconds) + 5, middle(band) + 4, words);
    }),
    text(x, top + height + 18, 'hours by declination'),
  ].join('');
}

/** The bands whose words have room: the longest observed first, none so near to another that they overlap. */
function apart(bands: readonly Band[], place: (band: Band) => number): Band[] {
  const chosen: Band[] = [];
  for (const band of [...bands].sort((a, b) => b.seconds - a.seconds)) {
    if (chosen.every((other) => Math.abs(place(other) - place(band)) >= WORD_HEIGHT)) chosen.push(band);
  }
  return chosen;
}
