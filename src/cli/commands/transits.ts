import { UsageError } from '../../errors.js';
import { BEAM_FWHM_DEG } from '../../sky/beam.js';
import { type Calibrator, calibratorsAbove, type Source } from '../../sky/calibrators.js';
import { nearDeclination, type Transit, transitsOf, transitsOfAll } from '../../sky/transits.js';
import { type Degrees, degrees, isoMillisecondsOfMjdUtc, type TimeRange } from '../../units.js';
import type { Environment } from '../config.js';
import type { TransitLine } from '../lines.js';
import { openHistory } from '../open-history.js';
import { note, printJson } from '../output.js';
import type { transits as schema } from '../schema/transits.js';
import type { Arguments } from '../schema/types.js';
import { aliasOf, namedSource } from '../source-flags.js';
import { printTable } from '../table.js';
import { timeRange } from '../time-range.js';

type Flags = Arguments<typeof schema>;

export async function transits(args: Flags, environment: Environment): Promise<void> {
  const range = timeRange(args, { daysBack: 0, daysAhead: 1 });
  const minElevationDeg = args['min-elevation-deg'];
  const source = namedSource(args);
  const all = source
    ? transitsOf(source, range.fromMjdUtc, range.toMjdUtc)
    : await transitsInBeam(args, environment, range);
  const useful = all.filter(({ elevationDeg }) => elevationDeg >= minElevationDeg);
  if (args.json) for (const transit of useful) await printJson(transitJson(transit));
  else if (useful.length > 0) await printTable(COLUMNS, useful.map(cells));
  if (useful.length === 0) noteMissing(source?.name, all, minElevationDeg);
}

/** Why there is nothing to see: no transit in the range, or all of them too low. */
function noteMissing(name: string | undefined, all: readonly Transit[], minElevationDeg: number): void {
  const highestDeg = Math.max(...all.map(({ elevationDeg }) => elevationDeg));
  const highest = `the highest elevation is ${highestDeg.toFixed(1)} deg`;
  if (all.length === 0) note('no transits in this time range');
  else if (name === undefined)
    note(`no calibrator reaches ${minElevationDeg} deg (--min-elevation-deg): ${highest}`);
  else if (highestDeg < 0) note(`${name} never rises at this site: ${highest}, below the horizon`);
  else note(`${name} never reaches ${minElevationDeg} deg (--min-elevation-deg): ${highest}`);
}

async function transitsInBeam(
  args: Flags,
  environment: Environment,
  { fromMjdUtc, toMjdUtc }: TimeRange,
): Promise<Transit<Calibrator>[]> {
  const minFluxJy = args['min-flux-jy'];
  const decDeg = await telescopeDeclination(args, environment);
  const halfBeamDeg = BEAM_FWHM_DEG / 2;
  const candidates = calibratorsAbove(minFluxJy).filter(nearDeclination(decDeg, halfBeamDeg));
  note(
    `calibrators of at least ${minFluxJy} Jy that pass within ${halfBeamDeg.toFixed(2)} deg of declination ${decDeg.toFixed(2)}`,
  );
  return transitsOfAll(candidates, fromMjdUtc, toMjdUtc).filter(
    (transit) => Math.abs(transit.decDeg - decDeg) <= halfBeamDeg,
  );
}

async function telescopeDeclination(args: Flags, environment: Environment): Promise<Degrees> {
  const given = args['at-dec-deg'];
  if (given !== undefined) return degrees(given);
  if (args['products-db'] === undefined)
    throw new UsageError('no declination: name a calibrator, or give --at-dec-deg or --products-db');
  const store = await openHistory(args['products-db'], environment);
  try {
    const newest = await store.newest();
    if (!newest) throw new UsageError('the database has no observations yet: give --at-dec-deg');
    return newest.dec_deg;
  } finally {
    await store.close();
  }
}

/** The stable names of a transit. */
export function transitJson({ source, mjdUtc, lstDeg, elevationDeg }: Transit): TransitLine {
  return {
    name: source.name,
    transit_utc: isoMillisecondsOfMjdUtc(mjdUtc),
    transit_mjd: mjdUtc,
    lst_deg: lstDeg,
    elevation_deg: elevationDeg,
  };
}

const COLUMNS = [
  { heading: 'source' },
  { heading: 'alias', drop: 4 },
  { heading: 'transit UTC' },
  { heading: 'MJD', drop: 2 },
  { heading: 'LST deg', drop: 1 },
  { heading: 'elevation deg' },
  { heading: 'apparent dec', drop: 3 },
  { heading: 'Jy at 20 cm', drop: 5 },
];

function cells({
  source,
  mjdUtc,
  lstDeg,
  elevationDeg,
  decDeg,
}: Transit<Source & Partial<Calibrator>>): string[] {
  return [
    source.name,
    aliasOf(source),
    isoMillisecondsOfMjdUtc(mjdUtc).slice(0, 23),
    mjdUtc.toFixed(6),
    lstDeg.toFixed(4),
    elevationDeg.toFixed(4),
    decDeg.toFixed(4),
    source.flux20cmJy?.toFixed(1) ?? '',
  ];
}
