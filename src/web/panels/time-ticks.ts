import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import type { Face } from '../data/face.js';

/** The steps of a plot's axis that mean a month and a year. */
const [MONTH_SECONDS, YEAR_SECONDS] = [30 * SECONDS_PER_DAY, 365 * SECONDS_PER_DAY];
/** By which clocks are changed at most. */
const CHANGE_SECONDS = 2 * 3600;

/**
 * Where the ticks of a time axis stand, in Unix seconds: where the clock shows whole steps, which are seconds, or months and years as the
 * plots give them. The plots' own ticks follow the browser's summer time, in every other scale too.
 */
export function ticksOf(clock: Face, start: number, end: number, stepSeconds: number): number[] {
  const { faceOf, unixOf, leastSeconds } = clock;
  const step = Math.max(stepSeconds, leastSeconds);
  const faces = wholeSteps(faceOf(start) - CHANGE_SECONDS, faceOf(end) + CHANGE_SECONDS, step);
  const ticks: number[] = [];
  for (const unix of faces.flatMap(unixOf).sort((a, b) => a - b)) {
    // Beside a change of the clocks two can have no room.
    const isApart = unix - (ticks.at(-1) ?? Number.NEGATIVE_INFINITY) > step / 2;
    if (isApart && unix >= start && unix <= end) ticks.push(unix);
  }
  return ticks;
}

function wholeSteps(from: number, to: number, step: number): number[] {
  const months = step < MONTH_SECONDS ? 0 : monthsOf(step);
  const nth = (i: number) => (months > 0 ? Date.UTC(1970, i * months) / 1000 : i * step);
  const steps: number[] = [];
  for (let i = Math.floor(months > 0 ? monthOf(from) / months : from / step); nth(i) <= to; i++)
    steps.push(nth(i));
  return steps;
}

const monthsOf = (step: number) =>
  step < YEAR_SECONDS ? Math.round(step / MONTH_SECONDS) : 12 * Math.round(step / YEAR_SECONDS);

/** Since 1970. */
function monthOf(face: number): number {
  const date = new Date(face * 1000);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}
