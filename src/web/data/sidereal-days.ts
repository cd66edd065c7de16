import { SECONDS_PER_DAY, wrap360 } from 'pointing-monitor/units';
import { SIDEREAL_DEG_PER_SECOND } from './exposure.js';

/** Hours of LST, 0 to 24, within the UTC day that begins at `dayMjd`. */
export interface SiderealHours {
  readonly dayMjd: number;
  readonly fromHours: number;
  readonly toHours: number;
}

const HOURS_PER_DAY = (SIDEREAL_DEG_PER_SECOND * SECONDS_PER_DAY) / 15;

/** A time day by day, cut where LST begins again. */
export function siderealDaysOf(
  startMjd: number,
  endMjd: number,
  lstDegAt: (mjd: number) => number,
): SiderealHours[] {
  const found: SiderealHours[] = [];
  for (let dayMjd = Math.floor(startMjd); dayMjd < endMjd; dayMjd++) {
    const from = Math.max(startMjd, dayMjd);
    const fromHours = wrap360(lstDegAt(from)) / 15;
    const toHours = fromHours + (Math.min(endMjd, dayMjd + 1) - from) * HOURS_PER_DAY;
    found.push({ dayMjd, fromHours, toHours: Math.min(24, toHours) });
    if (toHours > 24) found.push({ dayMjd, fromHours: 0, toHours: toHours - 24 });
  }
  return found;
}
