import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import type uPlot from 'uplot';
import { colour, font } from '../colours.js';
import type { Gap } from '../data/api.js';
import type { Dwell } from '../data/dwells.js';
import { OBSERVATION_SECONDS } from '../data/instrument.js';
import { duration, signedDegrees, unixOfMjd } from '../format.js';

const HATCH_PX = 6;
const BAR_PX = 7;
const LABEL_ABOVE_PX = 4;
const LABEL_MARGIN_PX = 8;
const RIM_PX = 3;
const [BELOW_DEG, ABOVE_DEG] = [6, 12];

/** A scale of declination with room for labels. */
export const declinationRange = (_: uPlot, least: number | null, most: number | null): [number, number] => [
  least === null ? -90 : least - BELOW_DEG,
  most === null ? 90 : most + ABOVE_DEG,
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

/** A bar for each dwell at its declination; those with room for it are labelled. */
export function drawDwells(plot: uPlot, dwells: readonly Dwell[], fontPx: number): void {
  const { ctx, bbox } = plot;
  const half = OBSERVATION_SECONDS / 2;
  const [barPx, marginPx] = [BAR_PX * devicePixelRatio, LABEL_MARGIN_PX * devicePixelRatio];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = font(fontPx * devicePixelRatio);
  ctx.textAlign = 'left';
  ctx.lineJoin = 'round';
  ctx.lineWidth = RIM_PX * devicePixelRatio;
  ctx.strokeStyle = colour('card');
  // A label must not lie over one to its left. The last dwell, where the telescope is now, always has one.
  let labelledUntil = Number.NEGATIVE_INFINITY;
  const last = dwells.at(-1);
  for (const dwell of dwells) {
    const { startMjd, endMjd, decDeg } = dwell;
    const left = plot.valToPos(unixOfMjd(startMjd) - half, 'x', true);
    const right = plot.valToPos(unixOfMjd(endMjd) + half, 'x', true);
    const y = plot.valToPos(decDeg, 'y', true);
    ctx.fillStyle = colour('trail-new');
    ctx.fillRect(left, y - barPx / 2, Math.max(devicePixelRatio, right - left), barPx);
    const [from, to] = [Math.max(left, bbox.left), Math.min(right, bbox.left + bbox.width)];
    const fitting = labelThatFits(
      ctx,
      decDeg,
      (endMjd - startMjd) * SECONDS_PER_DAY + 2 * half,
      to - from - marginPx,
    );
    const label = fitting ?? (dwell === last ? signedDegrees(decDeg, 2) : undefined);
    if (label === undefined || from < labelledUntil) continue;
    const x = fitting ? from : to - ctx.measureText(label).width;
    const above = y - barPx / 2 - LABEL_ABOVE_PX * devicePixelRatio;
    const isAtTop = above - (fontPx + 1) * devicePixelRatio < bbox.top;
    ctx.textBaseline = isAtTop ? 'top' : 'bottom';
    ctx.fillStyle = colour('text');
    const labelY = isAtTop ? y + barPx / 2 + LABEL_ABOVE_PX * devicePixelRatio : above;
    ctx.strokeText(label, x, labelY);
    ctx.fillText(label, x, labelY);
    labelledUntil = from + ctx.measureText(label).width + marginPx;
  }
  ctx.restore();
}

function labelThatFits(
  ctx: CanvasRenderingContext2D,
  decDeg: number,
  seconds: number,
  widthPx: number,
): string | undefined {
  const dec = signedDegrees(decDeg, 2);
  return [`${dec} for ${duration(seconds)}`, dec].find((text) => ctx.measureText(text).width <= widthPx);
}

export function drawNow(plot: uPlot, nowMjd: number): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(unixOfMjd(nowMjd), 'x', true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour('accent');
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
