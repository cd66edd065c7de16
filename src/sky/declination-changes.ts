import { type Degrees, degrees, type MjdUtc } from '../units.js';
import type { Instruments, TakenRow, Telescope } from './instruments.js';

/** The telescope moved: `mjd` is the first observation at the new declination. Apparent declinations. */
export interface DeclinationChange {
  readonly mjd: MjdUtc;
  readonly fromDeg: Degrees;
  readonly toDeg: Degrees;
}

/** Where the declination of successive rows differs by more, the telescope moved. */
export const DEFAULT_JUMP_DEG = degrees(0.1);

/** Where the declination of successive rows of a telescope differs by more than the threshold. Rows are oldest first. */
export async function* declinationChanges(
  rows: AsyncIterable<TakenRow> | Iterable<TakenRow>,
  instruments: Instruments,
  thresholdDeg: Degrees = DEFAULT_JUMP_DEG,
): AsyncGenerator<DeclinationChange> {
  const lastDeg = new Map<Telescope, Degrees>();
  for await (const { timestamp, dec_deg, instrumentId } of rows) {
    const telescope = instruments.telescopeOf(instrumentId);
    const fromDeg = lastDeg.get(telescope);
    if (fromDeg !== undefined && Math.abs(dec_deg - fromDeg) > thresholdDeg)
      yield { mjd: timestamp, fromDeg, toDeg: dec_deg };
    lastDeg.set(telescope, dec_deg);
  }
}
