import { HALF_OBSERVATION_DAYS } from '../sky/gaps.js';
import type { HistoryReader } from '../store/reader.js';
import type { MjdUtc } from '../units.js';
import { LAST_MJD } from './parameters.js';

/** The time of the observation nearest to a time; undefined where none was under way then. */
export async function observationAt(reader: HistoryReader, time: MjdUtc): Promise<MjdUtc | undefined> {
  const before = (await reader.newest(time))?.timestamp;
  const after = await reader.timestampAfter(time, LAST_MJD, 0);
  const distance = (each: MjdUtc | undefined) =>
    each === undefined ? Number.POSITIVE_INFINITY : Math.abs(each - time);
  const nearest = distance(before) <= distance(after) ? before : after;
  return distance(nearest) <= HALF_OBSERVATION_DAYS ? nearest : undefined;
}
