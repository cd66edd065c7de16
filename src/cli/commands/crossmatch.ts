import type { CommandModule } from 'yargs';
import { calibratorsAbove, type Source } from '../../sky/calibrators.js';
import { crossmatch, type Match } from '../../sky/crossmatch.js';
import { SUB_BANDS, SubBandCounter } from '../../sky/sub-bands.js';
import { nearDeclination, type Transit, transitsOf, transitsOfAll } from '../../sky/transits.js';
import type { HistoryReader } from '../../store/reader.js';
import type { Observation, TransitRow } from '../../store/rows.js';
import { degrees, isoMillisecondsOfMjdUtc, mjdUtc, type TimeRange } from '../../units.js';
import { productsDbOption } from '../common-options.js';
import { type Environment, numberFlag } from '../config.js';
import { openHistory, openWritableHistory, readObservations } from '../open-history.js';
import { print, printJson, table } from '../output.js';
import { aliasOf, namedSource, SOURCE_NAME, type SourceFlags, sourceOptions } from '../source-flags.js';
import { type TimeFlags, timeOptions, timeRange } from '../time-range.js';

interface Arguments extends SourceFlags, TimeFlags {
  'dec-tolerance-deg': number;
  'time-pad-minutes': number;
  'products-db': string | undefined;
  store: boolean;
  json: boolean;
}

interface Found {
  readonly transit: Transit;
  readonly match: Match | undefined;
  readonly subBandsOnDisk: number;
}

const MINUTES_PER_DAY = 1440;

export function crossmatchCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'crossmatch [name]',
    describe: 'Which file was observing when a calibrator crossed the meridian',
    builder: (args) =>
      args
        .positional('name', { type: 'string', describe: SOURCE_NAME })
        .options(sourceOptions)
        .options(timeOptions)
        .option('dec-tolerance-deg', {
          type: 'number',
          default: 1.5,
          describe: 'Farthest that the telescope may point from the source, in apparent declination',
        })
        .option('time-pad-minutes', {
          type: 'number',
          default: 10,
          describe: 'Longest time from the transit to the observation, before it starts or after it ends',
        })
        .option('products-db', productsDbOption)
        .option('store', {
          type: 'boolean',
          default: false,
          describe: 'Put the transits that were found into the table cal_transits',
        })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object a transit' })
        .example('$0 crossmatch 3C286 --days-back 21', 'each transit of the last three weeks')
        .epilogue('Exit: 0 done, 2 bad usage.'),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const range = timeRange(args, { daysBack: 21, daysAhead: 0 });
  const source = namedSource(args);
  const options = {
    decToleranceDeg: numberFlag(args['dec-tolerance-deg'], '--dec-tolerance-deg', { least: 0, most: 180 }),
    timePadMinutes: numberFlag(args['time-pad-minutes'], '--time-pad-minutes', { least: 0, most: 1440 }),
  };
  const leastFluxJy = numberFlag(args['least-flux-jy'], '--least-flux-jy', { least: 0, most: 1e6 });
  const history = await openHistory(args['products-db'], environment);
  try {
    const observations = await observationsAround(history, range, options.timePadMinutes);
    const transits = source
      ? transitsOf(source, range.fromMjdUtc, range.toMjdUtc)
      : transitsOfAll(
          seen(observations, leastFluxJy, options.decToleranceDeg),
          range.fromMjdUtc,
          range.toMjdUtc,
        );
    const matches = crossmatch(transits, observations, options);
    // Of one source every transit is told, of all only those that were observed.
    const all = await withSubBands(transits, matches);
    const told = source ? all : all.filter(({ match }) => match);
    if (args.json) for (const each of told) await printJson(json(each));
    else await print(text(told));
    if (args.store) {
      const rows = told.map(({ transit }) => ({ name: transit.source.name, mjdUtc: transit.mjdUtc }));
      await addTransits(rows, args['products-db'], environment);
    }
  } finally {
    await history.close();
  }
}

async function addTransits(
  rows: readonly TransitRow[],
  productsDb: string | undefined,
  environment: Environment,
): Promise<void> {
  const store = await openWritableHistory(productsDb, environment);
  try {
    process.stderr.write(`${await store.addTransits(rows)} transits added to cal_transits\n`);
  } finally {
    await store.close();
  }
}

/** In the range, and beyond its ends as far as an observation may lie from a transit at them. */
async function observationsAround(
  history: HistoryReader,
  { fromMjdUtc, toMjdUtc }: TimeRange,
  padMinutes: number,
): Promise<Observation[]> {
  const padDays = (padMinutes + 10) / MINUTES_PER_DAY;
  const wider = { fromMjdUtc: mjdUtc(fromMjdUtc - padDays), toMjdUtc: mjdUtc(toMjdUtc + padDays) };
  const found: Observation[] = [];
  for await (const row of readObservations(history, wider)) found.push(row);
  return found;
}

/** The calibrators that some declination of the observations allows. */
function seen(observations: readonly Observation[], leastFluxJy: number, toleranceDeg: number): Source[] {
  const declinations = [...new Set(observations.map(({ dec_deg }) => Math.round(dec_deg * 10) / 10))];
  const near = declinations.map((decDeg) => nearDeclination(degrees(decDeg), toleranceDeg + 0.05));
  return calibratorsAbove(leastFluxJy).filter((calibrator) => near.some((test) => test(calibrator)));
}

async function withSubBands(
  transits: readonly Transit[],
  matches: readonly (Match | undefined)[],
): Promise<Found[]> {
  const counter = new SubBandCounter();
  const found: Found[] = [];
  for (const [i, transit] of transits.entries()) {
    const match = matches[i];
    const path = match?.observation.path;
    found.push({ transit, match, subBandsOnDisk: path ? await counter.besides(path) : 0 });
  }
  return found;
}

function json({ transit, match, subBandsOnDisk }: Found) {
  return {
    name: transit.source.name,
    transit_utc: isoMillisecondsOfMjdUtc(transit.mjdUtc),
    transit_mjd: transit.mjdUtc,
    observed: match !== undefined,
    inside: match?.inside ?? false,
    path: match?.observation.path ?? null,
    mid_mjd: match?.observation.timestamp ?? null,
    minutes_from_mid: match?.minutesFromMid ?? null,
    dec_offset_deg: match?.decOffsetDeg ?? null,
    beam_response: match?.beamResponse ?? null,
    sub_bands_on_disk: match ? subBandsOnDisk : null,
  };
}

function text(found: readonly Found[]): string {
  const observed = found.filter(({ match }) => match).length;
  const lines = table(
    ['source', 'alias', 'transit UTC', 'from mid', 'dec offset', 'beam', 'sub-bands', 'file'],
    found.map(({ transit, match, subBandsOnDisk }) => [
      transit.source.name,
      aliasOf(transit.source),
      isoMillisecondsOfMjdUtc(transit.mjdUtc).slice(0, 19),
      ...(match
        ? [
            `${match.minutesFromMid.toFixed(2)} min${match.inside ? '' : ', outside'}`,
            match.decOffsetDeg.toFixed(3),
            match.beamResponse.toFixed(3),
            `${subBandsOnDisk} of ${SUB_BANDS}`,
            match.observation.path ?? 'its file is not known',
          ]
        : ['', '', '', '', 'not observed']),
    ]),
  );
  return `${lines}${found.length} transits, ${observed} observed\n`;
}
