import { degrees, type MjdUtc, mjdUtc, SECONDS_PER_DAY } from '../units.js';
import type { HeavyContext } from './route.js';

/** The time of the observation nearest to a time, of those that were under way then; undefined where none was. */
export async function observationAt(context: HeavyContext, time: MjdUtc): Promise<MjdUtc | undefined> {
  const { reader } = context;
  const instruments = await context.instruments.read();
  const reachDays = instruments.longestSeconds / 2 / SECONDS_PER_DAY;
  // Each telescope’s own neighbours: another’s short observation can have the nearer middle and be over.
  const neighbours = await Promise.all(
    instruments.all.flatMap((telescope) => {
      const others = instruments.othersThan(telescope);
      return [
        reader
          .newest({ fromMjdUtc: mjdUtc(time - reachDays), toMjdUtc: time }, others)
          .then((row) => row?.timestamp),
        reader.timestampAfter(time, mjdUtc(time + reachDays), 0, others),
      ];
    }),
  );
  const distanceDays = (each: { readonly timestamp: MjdUtc }) => Math.abs(each.timestamp - time);
  const rows = await reader.withFiles(
    neighbours
      .filter((timestamp) => timestamp !== undefined)
      .map((timestamp) => ({ timestamp, ra_deg: degrees(0), dec_deg: degrees(0) })),
  );
  const [nearest] = rows
    .filter((row) => distanceDays(row) <= instruments.secondsOf(row) / 2 / SECONDS_PER_DAY)
    .sort((a, b) => distanceDays(a) - distanceDays(b));
  return nearest?.timestamp;
}
