import type { CommandModule } from 'yargs';
import { calibratorsAbove, type Source } from '../../sky/calibrators.js';
import { crossmatch, type MatchedTransit } from '../../sky/crossmatch.js';
import { SUB_BANDS, SubBandCounter } from '../../sky/sub-bands.js';
import { type Transit, transitsOf } from '../../sky/transits.js';
import type { HistoryReader } from '../../store/reader.js';
import { isoMillisecondsOfMjdUtc, mjdUtc, type TimeRange } from '../../units.js';
import { productsDbOption } from '../common-options.js';
import { type Environment, numberFlag } from '../config.js';
import { openHistory, openWritableHistory } from '../open-history.js';
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

type Matched = ReadonlyMap<Source, readonly MatchedTransit[]>;
/** A transit, with the observation nearest to it where there is one. */
type Told = { readonly transit: Transit } & Partial<MatchedTransit>;
type Found = Told & { readonly path: string | null; readonly subBandsOnDisk: number };

const MINUTES_PER_DAY = 1440;
const OBSERVATION_MINUTES = 10;
/** Two transits of a source are never so near to each other. */
const SAME_TRANSIT_DAYS = 0.1;

export function crossmatchCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'crossmatch [name]',
    describe: 'Find the file that was observing when a calibrator crossed the meridian',
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
        .epilogue(
          'Without --from or --days-back the range is the last 21 days. "others" counts further files of the same pass with the source in the half-power beam; "observed" lists them. Exit codes: 0 done, 2 bad usage.',
        ),
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
  const reader = await openHistory(args['products-db'], environment);
  try {
    const sources = source ? [source] : calibratorsAbove(leastFluxJy);
    const padDays = (options.timePadMinutes + OBSERVATION_MINUTES) / MINUTES_PER_DAY;
    const pages = reader.historyPages(mjdUtc(range.fromMjdUtc - padDays), mjdUtc(range.toMjdUtc + padDays));
    const matched = await crossmatch(sources, pages, range, options);
    const told = await onDisk(
      source ? allTransits(source, range, matched) : observedTransits(matched),
      reader,
    );
    if (args.json) for (const each of told) await printJson(json(each));
    else await print(text(told));
    if (args.store) await store(told, args['products-db'], environment);
  } finally {
    await reader.close();
  }
}

/** Of one source every transit is listed, observed or not. */
function allTransits(source: Source, { fromMjdUtc, toMjdUtc }: TimeRange, matched: Matched): Told[] {
  const observed = matched.get(source) ?? [];
  let next = 0;
  return transitsOf(source, fromMjdUtc, toMjdUtc).map((transit) => {
    const found = observed[next];
    if (!found || Math.abs(found.transit.mjdUtc - transit.mjdUtc) > SAME_TRANSIT_DAYS) return { transit };
    next++;
    return found;
  });
}

/** Of all calibrators only those that were observed. */
function observedTransits(matched: Matched): Told[] {
  return [...matched.values()].flat().sort((a, b) => a.transit.mjdUtc - b.transit.mjdUtc);
}

async function onDisk(told: readonly Told[], reader: Pick<HistoryReader, 'paths'>): Promise<Found[]> {
  const counter = new SubBandCounter();
  const times = told.flatMap(({ match }) => (match ? [match.row.timestamp] : []));
  const paths = await reader.paths(times);
  const pathOf = new Map(times.map((time, i) => [time, paths[i] ?? null]));
  const found: Found[] = [];
  for (const each of told) {
    const path = each.match ? (pathOf.get(each.match.row.timestamp) ?? null) : null;
    found.push({ ...each, path, subBandsOnDisk: path === null ? 0 : await counter.besides(path) });
  }
  return found;
}

async function store(
  told: readonly Found[],
  productsDb: string | undefined,
  environment: Environment,
): Promise<void> {
  const writer = await openWritableHistory(productsDb, environment);
  try {
    const rows = told.map(({ transit }) => ({ name: transit.source.name, mjdUtc: transit.mjdUtc }));
    process.stderr.write(`${await writer.addTransits(rows)} transits added to cal_transits\n`);
  } finally {
    await writer.close();
  }
}

function json({ transit, match, othersInBeam, path, subBandsOnDisk }: Found) {
  return {
    name: transit.source.name,
    transit_utc: isoMillisecondsOfMjdUtc(transit.mjdUtc),
    transit_mjd: transit.mjdUtc,
    observed: match !== undefined,
    inside: match?.inside ?? false,
    path,
    mid_mjd: match?.row.timestamp ?? null,
    minutes_from_mid: match?.minutesFromMid ?? null,
    dec_offset_deg: match?.decOffsetDeg ?? null,
    beam_response: match?.beamResponse ?? null,
    sub_bands_on_disk: match ? subBandsOnDisk : null,
    others_in_beam: othersInBeam ?? null,
  };
}

function text(found: readonly Found[]): string {
  const observed = found.filter(({ match }) => match).length;
  const lines = table(
    ['source', 'alias', 'transit UTC', 'from mid', 'dec offset', 'beam', 'sub-bands', 'others', 'file'],
    found.map(({ transit, match, othersInBeam, path, subBandsOnDisk }) => [
      transit.source.name,
      aliasOf(transit.source),
      isoMillisecondsOfMjdUtc(transit.mjdUtc).slice(0, 19),
      ...(match
        ? [
            `${match.minutesFromMid.toFixed(2)} min${match.inside ? '' : ', outside'}`,
            match.decOffsetDeg.toFixed(3),
            match.beamResponse.toFixed(3),
            `${subBandsOnDisk} of ${SUB_BANDS}`,
            String(othersInBeam ?? ''),
            path ?? 'file unknown',
          ]
        : ['', '', '', '', '', 'not observed']),
    ]),
  );
  return `${lines}${found.length} transits, ${observed} observed\n`;
}
