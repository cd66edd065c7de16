import { UsageError } from '../../errors.js';
import { greatest } from '../../greatest.js';
import { beamOf } from '../../sky/beam.js';
import type { Calibrator, Source } from '../../sky/calibrators.js';
import { directionOf, type FixedDirection } from '../../sky/in-beam.js';
import type { Instrument } from '../../sky/instrument.js';
import { Instruments, newestOf, readInstruments } from '../../sky/instruments.js';
import { type Transit, transitsNear, transitsOf } from '../../sky/transits.js';
import { databaseLocation } from '../../store/location.js';
import { openExistingReader, openReader } from '../../store/open.js';
import {
  degrees,
  fixed,
  fixed360,
  isoMillisecondsOfMjdUtc,
  isoOfMjdUtc,
  type MjdUtc,
  type TimeRange,
} from '../../units.js';
import { type Environment, requireProductsDb } from '../config.js';
import { overridesOf } from '../instrument-flags.js';
import type { TransitLine } from '../lines.js';
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
  const telescopes = await telescopesOf(args, environment, source);
  const all = telescopes
    .flatMap((each) => {
      const { instrument } = each;
      const passes = source
        ? transitsOf(source, range.fromMjdUtc, range.toMjdUtc, instrument.site)
        : transitsInBeam(each, args, range);
      return passes.map((transit): Over => ({ ...transit, instrument }));
    })
    .sort((x, y) => x.mjdUtc - y.mjdUtc);
  const useful = all.filter(({ elevationDeg }) => elevationDeg >= minElevationDeg);
  if (args.json) for (const transit of useful) await printJson(transitJson(transit));
  else if (useful.length > 0) {
    const columns = COLUMNS.filter(({ heading }) => heading !== TELESCOPE || telescopes.length > 1);
    await printTable(
      columns,
      useful.map((each) => cells(each).slice(0, columns.length)),
    );
  }
  if (useful.length === 0) noteMissing(source?.name, all, minElevationDeg);
}

/** Why there is nothing to see: no transit in the range, or all of them too low. */
function noteMissing(name: string | undefined, all: readonly Transit[], minElevationDeg: number): void {
  const highestDeg = greatest(all.map(({ elevationDeg }) => elevationDeg));
  const highest = `the highest elevation is ${highestDeg.toFixed(1)} deg`;
  if (all.length === 0) note('no transits in this time range');
  else if (name === undefined)
    note(`no calibrator reaches ${minElevationDeg} deg (--min-elevation-deg): ${highest}`);
  else if (highestDeg < 0) note(`${name} never rises at this site: ${highest}, below the horizon`);
  else note(`${name} never reaches ${minElevationDeg} deg (--min-elevation-deg): ${highest}`);
}

/** A telescope, and the direction of its newest observation, or the one that was given. */
interface Pointed {
  readonly instrument: Instrument;
  readonly direction: FixedDirection | undefined;
  /** Where the direction is that of an observation. */
  readonly timestamp?: MjdUtc;
}

type Over = Transit<Source & Partial<Calibrator>> & { readonly instrument: Instrument };

/** Those of the history; the DSA-110, or what the flags say, if it has no rows. */
async function telescopesOf(
  args: Flags,
  environment: Environment,
  source: Source | undefined,
): Promise<readonly Pointed[]> {
  const overrides = overridesOf(args);
  const { 'at-dec-deg': given, 'products-db': productsDb } = args;
  const isPointed = source !== undefined || given !== undefined;
  const isPlaced = args.longitude !== undefined && args.latitude !== undefined;
  const direction = given === undefined ? undefined : { haDeg: degrees(0), decDeg: degrees(given) };
  if (isPointed && (isPlaced || productsDb === undefined))
    return [{ instrument: new Instruments([], overrides).unknown, direction }];
  if (productsDb === undefined)
    throw new UsageError('no declination: name a calibrator, or give --at-dec-deg or --products-db');
  const reader = isPointed
    ? await openReader(databaseLocation(productsDb))
    : await openExistingReader(requireProductsDb(productsDb), environment);
  try {
    const instruments = await readInstruments(reader, overrides);
    const found: Pointed[] = [];
    for (const telescope of instruments.telescopes) {
      const newest = isPointed ? undefined : await newestOf(reader, instruments, telescope);
      const instrument = newest ? instruments.of(newest) : telescope;
      if (newest) {
        const direction = directionOf(newest, instrument);
        found.push({ instrument, direction, timestamp: newest.timestamp });
      }
      if (isPointed) found.push({ instrument, direction });
    }
    if (found.length === 0) throw new UsageError('the database has no observations yet: give --at-dec-deg');
    return found;
  } finally {
    await reader.close();
  }
}

function transitsInBeam({ instrument, direction, timestamp }: Pointed, args: Flags, range: TimeRange) {
  const minFluxJy = args['min-flux-jy'];
  const halfBeamDeg = beamOf(instrument).fwhmDeg / 2;
  const pointed = direction as FixedDirection;
  const since = timestamp === undefined ? '' : `, that of the observation of ${isoOfMjdUtc(timestamp)}`;
  note(
    `calibrators of at least ${minFluxJy} Jy that pass within ${halfBeamDeg.toFixed(2)} deg of declination ${pointed.decDeg.toFixed(2)}${since}`,
  );
  return transitsNear(pointed, instrument, range, minFluxJy);
}

/** The stable names of a transit. */
export function transitJson({ source, mjdUtc, lstDeg, elevationDeg, instrument }: Over): TransitLine {
  return {
    name: source.name,
    transit_utc: isoMillisecondsOfMjdUtc(mjdUtc),
    transit_mjd: mjdUtc,
    lst_deg: lstDeg,
    elevation_deg: elevationDeg,
    instrument: instrument.name,
  };
}

const TELESCOPE = 'telescope';
const COLUMNS = [
  { heading: 'source' },
  { heading: 'alias', drop: 4 },
  { heading: 'transit UTC' },
  { heading: 'MJD', drop: 2 },
  { heading: 'LST deg', drop: 1 },
  { heading: 'elevation deg' },
  { heading: 'apparent dec', drop: 3 },
  { heading: 'Jy at 20 cm', drop: 5 },
  { heading: TELESCOPE },
];

function cells({ source, mjdUtc, lstDeg, elevationDeg, decDeg, instrument }: Over): string[] {
  return [
    source.name,
    aliasOf(source),
    isoMillisecondsOfMjdUtc(mjdUtc).slice(0, 23),
    mjdUtc.toFixed(6),
    fixed360(lstDeg, 4),
    fixed(elevationDeg, 4),
    fixed(decDeg, 4),
    source.flux20cmJy?.toFixed(1) ?? '',
    instrument.name,
  ];
}
