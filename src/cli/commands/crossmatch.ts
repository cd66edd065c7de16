import { calibratorsAbove, type Source } from '../../sky/calibrators.js';
import { type Match, crossmatch as match } from '../../sky/crossmatch.js';
import { SUB_BANDS, SubBandCounter } from '../../sky/sub-bands.js';
import { nearDeclination, type Transit, transitsOf, transitsOfAll } from '../../sky/transits.js';
import type { HistoryReader } from '../../store/reader.js';
import type { Observation, TransitRow } from '../../store/rows.js';
import { degrees, isoMillisecondsOfMjdUtc, isoOfMjdUtc, mjdUtc, type TimeRange } from '../../units.js';
import type { Environment } from '../config.js';
import { openHistory, openWritableHistory, readObservations } from '../open-history.js';
import { note, print, printJson } from '../output.js';
import type { crossmatch as schema } from '../schema/crossmatch.js';
import type { Arguments } from '../schema/types.js';
import { aliasOf, namedSource } from '../source-flags.js';
import { printTable } from '../table.js';
import { timeRange } from '../time-range.js';

interface Found {
  readonly transit: Transit;
  readonly match: Match | undefined;
  readonly subBandsOnDisk: number;
}

const MINUTES_PER_DAY = 1440;

export async function crossmatch(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const range = timeRange(args, { daysBack: 21, daysAhead: 0 });
  const source = namedSource(args);
  const options = {
    decToleranceDeg: args['dec-tolerance-deg'],
    timePadMinutes: args['time-pad-minutes'],
  };
  const history = await openHistory(args['products-db'], environment);
  try {
    const observations = await observationsAround(history, range, options.timePadMinutes);
    const transits = source
      ? transitsOf(source, range.fromMjdUtc, range.toMjdUtc)
      : transitsOfAll(
          seen(observations, args['min-flux-jy'], options.decToleranceDeg),
          range.fromMjdUtc,
          range.toMjdUtc,
        );
    const all = await withSubBands(transits, match(transits, observations, options));
    const observed = all.filter(({ match }) => match);
    // Programs get every transit of a source that they name.
    if (args.json) for (const each of source || args.missed ? all : observed) await printJson(json(each));
    else await printFound(all, observed, args.missed);
    if (args.store) {
      const rows = (source ? all : observed).map(({ transit }) => ({
        name: transit.source.name,
        mjdUtc: transit.mjdUtc,
      }));
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
    note(`${await store.addTransits(rows)} transits added to cal_transits`);
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

const COLUMNS = [
  { heading: 'source' },
  { heading: 'alias', drop: 3 },
  { heading: 'transit UTC' },
  { heading: 'min from mid' },
  { heading: 'inside', drop: 4 },
  { heading: 'dec offset', drop: 2 },
  { heading: 'beam', drop: 5 },
  { heading: 'sub-bands', drop: 1 },
  { heading: 'file', shorten: true },
];

async function printFound(all: readonly Found[], observed: readonly Found[], missed: boolean): Promise<void> {
  const listed = missed ? all : observed;
  if (listed.length > 0) await printTable(COLUMNS, listed.map(cells));
  const last = observed.at(-1)?.transit;
  const when = last ? `; last observed ${isoOfMjdUtc(last.mjdUtc).slice(0, 10)}` : '';
  const how = missed || observed.length === all.length ? '' : ' (--missed lists the others)';
  await print(`observed ${observed.length} of ${all.length} transits${when}${how}`);
}

function cells({ transit, match, subBandsOnDisk }: Found): string[] {
  return [
    transit.source.name,
    aliasOf(transit.source),
    isoMillisecondsOfMjdUtc(transit.mjdUtc).slice(0, 19),
    ...(match
      ? [
          match.minutesFromMid.toFixed(2),
          match.inside ? 'yes' : 'no',
          match.decOffsetDeg.toFixed(3),
          match.beamResponse.toFixed(3),
          `${subBandsOnDisk} of ${SUB_BANDS}`,
          match.observation.path ?? 'file unknown',
        ]
      : ['', '', '', '', '', 'missed']),
  ];
}
