import { ALWAYS, degrees, type MjdUtc, SECONDS_PER_DAY } from '../units.js';
import { LAST_MJD } from './parameters.js';
import type { HeavyContext } from './route.js';

/** The time of the observation nearest to a time; undefined where none was under way then. */
export async function observationAt(
  { reader, instruments }: HeavyContext,
  time: MjdUtc,
): Promise<MjdUtc | undefined> {
  const before = (await reader.newest({ ...ALWAYS, toMjdUtc: time }))?.timestamp;
  const after = await reader.timestampAfter(time, LAST_MJD, 0);
  const distance = (each: MjdUtc | undefined) =>
    each === undefined ? Number.POSITIVE_INFINITY : Math.abs(each - time);
  const nearest = distance(before) <= distance(after) ? before : after;
  if (nearest === undefined) return undefined;
  const [row] = await reader.withFiles([{ timestamp: nearest, ra_deg: degrees(0), dec_deg: degrees(0) }]);
  const halfDays = row ? (await instruments.read()).secondsOf(row) / 2 / SECONDS_PER_DAY : 0;
  return distance(nearest) <= halfDays ? nearest : undefined;
}
