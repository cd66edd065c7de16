import type { PointingKind } from '#src/native/outcome.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { degrees } from '#src/units.js';
import { pointing as pointingOf, version } from '../store/results.js';
import { byDsa110 } from './observations.js';
import type { Workspace } from './workspace.js';

/** What HERA's files say of their instrument. */
export const byHera = {
  ...byDsa110,
  instrument: {
    name: 'HERA',
    site: { latitudeDeg: degrees(-30.72), longitudeDeg: degrees(21.43), altitudeM: 1073 },
    dishM: 14,
  },
};

export interface Pointed {
  readonly by: typeof byDsa110 | typeof byHera;
  readonly mjd: number;
  readonly raDeg?: number;
  readonly decDeg: number;
  /** Else that of `by`. */
  readonly durationSeconds?: number;
  /** Else `hadec`. */
  readonly kind?: PointingKind;
}

/** Records observations of either telescope, each in a file of its own. */
export async function storePointings({ productsDb }: Workspace, all: readonly Pointed[]): Promise<void> {
  const store = new SqliteStore(productsDb, { lockWait: 'short' });
  await store.record(
    all.map(({ by, mjd, raDeg = 10, decDeg, durationSeconds = by.durationSeconds, kind = 'hadec' }) => {
      const pointing = { ...pointingOf(mjd, decDeg), kind, raDeg: degrees(raDeg), ...by, durationSeconds };
      const path = `/in/${by.instrument.name}-${mjd}`;
      return { outcome: { path, version, pointing }, state: 'stored', attempts: 1 };
    }),
  );
  await store.close();
}
