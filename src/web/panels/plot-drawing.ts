import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import type uPlot from 'uplot';
import { colour, font } from '../colours.js';
import type { Gap } from '../data/api.js';
import type { Dwell } from '../data/dwells.js';
import { OBSERVATION_SECONDS } from '../data/instrument.js';
import { siderealDaysOf } from '../data/sidereal-days.js';
import { duration, signedDegrees, unixOfMjd } from '../format.js';
import { type Anchor, type Box, placed } from '../map/placement.js';
import { lstDegAt } from '../times.js';

const HATCH_PX = 6;
const BAR_PX = 7;
const LINE_HEIGHT = 1.5;
const RIM_PX = 3;
/** Of the height of a letter. */
const NOW_WIDTH = 0.14;
const [BELOW_DEG, ABOVE_DEG] = [6, 12];

/** A scale of declination with room for labels. */
export const declinationRange = (_: uPlot, min: number | null, max: number | null): [number, number] => [
  min === null ? -90 : min - BELOW_DEG,
  max === null ? 90 : max + ABOVE_DEG,
];

/** Beyond the poles there is only room for labels. */
export const declinationTick = (decDeg: number): string =>
  Math.abs(decDeg) > 90 ? '' : signedDegrees(decDeg, 0);

/** Hatches the times without an observation. */
export function shadeGaps(plot: uPlot, gaps: readonly Gap[]): void {
  const { ctx, bbox } = plot;
  const step = HATCH_PX * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colour('gap');
  ctx.strokeStyle = colour('gap-line');
  ctx.lineWidth = devicePixelRatio;
  const bottom = bbox.top + bbox.height;
  for (const { from_mjd, to_mjd } of gaps) {
    const left = Math.max(bbox.left, plot.valToPos(unixOfMjd(from_mjd), 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(unixOfMjd(to_mjd), 'x', true));
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.fill();
    ctx.clip();
    ctx.beginPath();
    for (let x = left - bbox.height; x < right; x += step) {
      ctx.moveTo(x, bottom);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

/** Of a plot, as the style sheet has it. */
export const fontPxOf = (place: Element) => Number.parseFloat(getComputedStyle(place).fontSize);

/** A bar for each dwell at its declination. Those with room for it are labelled, the one where the telescope is now first. */
export function drawDwells(plot: uPlot, dwells: readonly Dwell[], fontPx: number): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const view = {
    left: bbox.left,
    right: bbox.left + bbox.width,
    top: bbox.top,
    bottom: bbox.top + bbox.height,
  };
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const bars = dwells.map((dwell) => barOf(plot, dwell));
  ctx.fillStyle = colour('trail-new');
  for (const { left, right, top, bottom } of bars) ctx.fillRect(left, top, right - left, bottom - top);
  ctx.font = font(fontPx * ratio);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  ctx.lineWidth = RIM_PX * ratio;
  ctx.strokeStyle = colour('card');
  ctx.fillStyle = colour('text');
  const linePx = fontPx * LINE_HEIGHT * ratio;
  const labels = dwells.flatMap((dwell, i) => {
    const { left, right, top, bottom } = bars[i] as Box;
    const [from, to] = [Math.max(left, view.left), Math.min(right, view.right)];
    const isLast = i === dwells.length - 1;
    // Shorter than any label, without measuring.
    if (to - from < 2 * linePx && !isLast) return [];
    const dec = signedDegrees(dwell.decDeg, 2);
    const widthOf = (words: string) => ctx.measureText(words).width;
    const fitting = [`${dec} for ${duration(secondsOf(dwell))}`, dec].find(
      (words) => widthOf(words) <= to - from,
    );
    if (fitting === undefined && !isLast) return [];
    const words = fitting ?? dec;
    // Wider than its bar, a label above or below could be taken for that of another bar.
    const anchors: readonly Anchor[] = fitting
      ? [top - linePx / 2, bottom + linePx / 2].map((y) => ({ x: from, y, align: 'left' }))
      : [{ x: left - RIM_PX * ratio, y: (top + bottom) / 2, align: 'right' }];
    return [{ words, widthPx: widthOf(words), anchors }];
  });
  for (const { text, box } of placed(labels.reverse(), bars, view, linePx)) {
    const y = (box.top + box.bottom) / 2;
    ctx.strokeText(text.words, box.left, y);
    ctx.fillText(text.words, box.left, y);
  }
  ctx.restore();
}

const secondsOf = ({ startMjd, endMjd }: Dwell) =>
  (endMjd - startMjd) * SECONDS_PER_DAY + OBSERVATION_SECONDS;

/** At least a pixel wide. */
function barOf(plot: uPlot, { startMjd, endMjd, decDeg }: Dwell): Box {
  const half = OBSERVATION_SECONDS / 2;
  const halfPx = (BAR_PX * devicePixelRatio) / 2;
  const left = plot.valToPos(unixOfMjd(startMjd) - half, 'x', true);
  const right = plot.valToPos(unixOfMjd(endMjd) + half, 'x', true);
  const y = plot.valToPos(decDeg, 'y', true);
  return { left, right: Math.max(left + devicePixelRatio, right), top: y - halfPx, bottom: y + halfPx };
}

/**
 * A column a day, from 0 h of LST at the bottom to 24 h at the top: what was observed in the colour of its declination, the rest blank.
 * Today has not come further than now.
 */
export function drawDays(
  plot: uPlot,
  dwells: readonly Dwell[],
  nowMjd: number,
  colourOf: (decDeg: number) => string,
): void {
  const { ctx, bbox } = plot;
  const xOf = (mjd: number) => Math.round(plot.valToPos(unixOfMjd(mjd), 'x', true));
  const yOf = (hours: number) => Math.round(bbox.top + bbox.height * (1 - hours / 24));
  const right = Math.min(bbox.left + bbox.width, xOf(nowMjd));
  const halfDays = OBSERVATION_SECONDS / 2 / SECONDS_PER_DAY;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, right - bbox.left, bbox.height);
  ctx.clip();
  for (const { startMjd, endMjd, decDeg } of dwells) {
    ctx.fillStyle = colourOf(decDeg);
    for (const { dayMjd, fromHours, toHours } of siderealDaysOf(
      startMjd - halfDays,
      endMjd + halfDays,
      lstDegAt,
    )) {
      const [left, top] = [xOf(dayMjd), yOf(toHours)];
      // At least a pixel of the screen, or a short visit could not be seen.
      ctx.fillRect(left, top, Math.max(1, xOf(dayMjd + 1) - left), Math.max(1, yOf(fromHours) - top));
    }
  }
  ctx.restore();
}

export function drawNow(plot: uPlot, nowMjd: number, fontPx: number): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(unixOfMjd(nowMjd), 'x', true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour('accent');
  // On whole pixels of the screen, or it would be paler.
  const width = Math.round(NOW_WIDTH * fontPx * devicePixelRatio);
  const at = Math.round(x) + (width % 2) / 2;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
