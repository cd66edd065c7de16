import type { CommandModule } from 'yargs';
import { UsageError } from '../../errors.js';
import { BEAM_FWHM_DEG } from '../../sky/beam.js';
import { type Calibrator, calibratorsAbove, type Source } from '../../sky/calibrators.js';
import { nearDeclination, type Transit, transitsOf, transitsOfAll } from '../../sky/transits.js';
import { type Degrees, degrees, isoMillisecondsOfMjdUtc } from '../../units.js';
import { productsDbOption } from '../common-options.js';
import { type Environment, numberFlag } from '../config.js';
import type { TransitLine } from '../lines.js';
import { openHistory } from '../open-history.js';
import { print, printJson, table } from '../output.js';
import { aliasOf, namedSource, SOURCE_NAME, type SourceFlags, sourceOptions } from '../source-flags.js';
import { type TimeFlags, timeOptions, timeRange } from '../time-range.js';

interface Arguments extends SourceFlags, TimeFlags {
  'at-dec-deg': number | undefined;
  'products-db': string | undefined;
  json: boolean;
}

export function transitsCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'transits [name]',
    describe: 'When calibrators cross the meridian: one, or all in the beam of the present declination',
    builder: (args) =>
      args
        .positional('name', { type: 'string', describe: SOURCE_NAME })
        .options(sourceOptions)
        .options(timeOptions)
        .option('at-dec-deg', {
          type: 'number',
          describe: 'Without a name: apparent declination of the telescope [that of the newest observation]',
        })
        .option('products-db', productsDbOption)
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object a transit' })
        .example('$0 transits 3C286 --days-ahead 3', 'of one source, in the next three days')
        .example('$0 transits --at-dec-deg 54.6', 'of all that pass through the beam in the next 24 h')
        .epilogue(
          'Times are UTC, to a second. Calibrators are those of the VLA list; the beam is the primary beam at half power.\n\nExit: 0 done, 2 bad usage.',
        ),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const { fromMjdUtc, toMjdUtc } = timeRange(args, { daysBack: 0, daysAhead: 1 });
  const source = namedSource(args);
  const transits = source
    ? transitsOf(source, fromMjdUtc, toMjdUtc)
    : await transitsInBeam(args, environment, { fromMjdUtc, toMjdUtc });
  if (args.json) {
    for (const transit of transits) await printJson(transitJson(transit));
    return;
  }
  if (transits.length === 0) process.stderr.write('no transit in this time\n');
  else await print(text(transits));
}

async function transitsInBeam(
  args: Arguments,
  environment: Environment,
  { fromMjdUtc, toMjdUtc }: ReturnType<typeof timeRange>,
): Promise<Transit<Calibrator>[]> {
  const leastFluxJy = numberFlag(args['least-flux-jy'], '--least-flux-jy', { least: 0, most: 1e6 });
  const decDeg = await telescopeDeclination(args, environment);
  const halfBeamDeg = BEAM_FWHM_DEG / 2;
  const candidates = calibratorsAbove(leastFluxJy).filter(nearDeclination(decDeg, halfBeamDeg));
  process.stderr.write(
    `calibrators of ${leastFluxJy} Jy or more that pass within ${halfBeamDeg.toFixed(2)} deg of declination ${decDeg.toFixed(2)}\n`,
  );
  return transitsOfAll(candidates, fromMjdUtc, toMjdUtc).filter(
    (transit) => Math.abs(transit.decDeg - decDeg) <= halfBeamDeg,
  );
}

async function telescopeDeclination(args: Arguments, environment: Environment): Promise<Degrees> {
  const given = args['at-dec-deg'];
  if (given !== undefined) return degrees(numberFlag(given, '--at-dec-deg', { least: -90, most: 90 }));
  if (!args['products-db'] && !environment.productsDb) {
    throw new UsageError(
      'which calibrators? name one, give --at-dec-deg, or name the database with --products-db',
    );
  }
  const store = await openHistory(args['products-db'], environment);
  try {
    const newest = await store.newest();
    if (!newest) throw new UsageError('the database has no observation yet: give --at-dec-deg');
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

function text(transits: readonly Transit<Source & Partial<Calibrator>>[]): string {
  return table(
    ['source', 'alias', 'transit UTC', 'MJD', 'LST deg', 'elevation deg', 'apparent dec', 'Jy at 20 cm'],
    transits.map(({ source, mjdUtc, lstDeg, elevationDeg, decDeg }) => [
      source.name,
      aliasOf(source),
      isoMillisecondsOfMjdUtc(mjdUtc).slice(0, 23),
      mjdUtc.toFixed(6),
      lstDeg.toFixed(4),
      elevationDeg.toFixed(4),
      decDeg.toFixed(4),
      source.flux20cmJy?.toFixed(1) ?? '',
    ]),
  );
}
