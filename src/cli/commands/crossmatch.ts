import { calibratorsAbove, type Source } from '../../sky/calibrators.js';
import { type MatchedTransit, crossmatch as match } from '../../sky/crossmatch.js';
import { SUB_BANDS, SubBandCounter } from '../../sky/sub-bands.js';
import { nearDeclination, type Transit, transitsOf } from '../../sky/transits.js';
import type { HistoryReader } from '../../store/reader.js';
import type { HistoryRow } from '../../store/rows.js';
import {
  counted,
  degrees,
  isoMillisecondsOfMjdUtc,
  isoOfMjdUtc,
  mjdUtc,
  type TimeRange,
} from '../../units.js';
import type { Environment } from '../config.js';
import { openHistory, openWritableHistory } from '../open-history.js';
import { fitted, note, print, printJson } from '../output.js';
import type { crossmatch as schema } from '../schema/crossmatch.js';
import type { Arguments } from '../schema/types.js';
import { aliasOf, namedSource } from '../source-flags.js';
import { printTable } from '../table.js';
import { timeRange } from '../time-range.js';

type Matched = ReadonlyMap<Source, readonly MatchedTransit[]>;
/** A transit, with the observation nearest to it, if any. */
type Found = { readonly transit: Transit } & Partial<MatchedTransit>;
type FoundOnDisk = Found & { readonly path: string | null; readonly subBandsOnDisk: number };

const MINUTES_PER_DAY = 1440;
const OBSERVATION_MINUTES = 10;
/** Two transits of a source are never so near to each other. */
const SAME_TRANSIT_DAYS = 0.1;

export async function crossmatch(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const range = timeRange(args, { daysBack: 21, daysAhead: 0 });
  const source = namedSource(args);
  const options = {
    decToleranceDeg: args['dec-tolerance-deg'],
    timePadMinutes: args['time-pad-minutes'],
  };
  const reader = await openHistory(args['products-db'], environment);
  try {
    const sources = source ? [source] : calibratorsAbove(args['min-flux-jy']);
    const padDays = (options.timePadMinutes + OBSERVATION_MINUTES) / MINUTES_PER_DAY;
    const pages = reader.historyPages(mjdUtc(range.fromMjdUtc - padDays), mjdUtc(range.toMjdUtc + padDays));
    const declinationsDeg = new Set<number>();
    const matched = await match(sources, noting(pages, declinationsDeg), range, options);
    const reachable = source ? sources : near(sources, declinationsDeg, options.decToleranceDeg);
    const all = await onDisk(allTransits(reachable, range, matched), reader);
    const observed = all.filter(({ match }) => match);
    // Programs get every transit of a source that they name.
    if (args.json) for (const each of source || args.missed ? all : observed) await printJson(json(each));
    else await printFound(all, observed, args.missed);
    if (args.store) await store(source ? all : observed, args['products-db'], environment);
  } finally {
    await reader.close();
  }
}

/** Passes rows on, and collects at which declinations the telescope was, to 0.1 degrees. */
async function* noting(
  pages: AsyncIterable<readonly HistoryRow[]>,
  declinationsDeg: Set<number>,
): AsyncGenerator<readonly HistoryRow[]> {
  for await (const page of pages) {
    for (const { dec_deg } of page) declinationsDeg.add(Math.round(dec_deg * 10) / 10);
    yield page;
  }
}

/** The sources that at least one of the declinations allows. */
function near(sources: readonly Source[], declinationsDeg: Iterable<number>, toleranceDeg: number): Source[] {
  const tests = [...declinationsDeg].map((decDeg) => nearDeclination(degrees(decDeg), toleranceDeg + 0.05));
  return sources.filter((source) => tests.some((isNear) => isNear(source)));
}

/** Every transit of the sources, observed or not, oldest first. */
function allTransits(
  sources: readonly Source[],
  { fromMjdUtc, toMjdUtc }: TimeRange,
  matched: Matched,
): Found[] {
  const all = sources.flatMap((source) => {
    const observed = matched.get(source) ?? [];
    let next = 0;
    return transitsOf(source, fromMjdUtc, toMjdUtc).map((transit): Found => {
      const found = observed[next];
      if (!found || Math.abs(found.transit.mjdUtc - transit.mjdUtc) > SAME_TRANSIT_DAYS) return { transit };
      next++;
      return found;
    });
  });
  return all.sort((a, b) => a.transit.mjdUtc - b.transit.mjdUtc);
}

async function onDisk(found: readonly Found[], reader: Pick<HistoryReader, 'paths'>): Promise<FoundOnDisk[]> {
  const counter = new SubBandCounter();
  const times = found.flatMap(({ match }) => (match ? [match.row.timestamp] : []));
  const paths = await reader.paths(times);
  const pathOf = new Map(times.map((time, i) => [time, paths[i] ?? null]));
  const all: FoundOnDisk[] = [];
  for (const each of found) {
    const path = each.match ? (pathOf.get(each.match.row.timestamp) ?? null) : null;
    all.push({ ...each, path, subBandsOnDisk: path === null ? 0 : await counter.besides(path) });
  }
  return all;
}

async function store(
  found: readonly Found[],
  productsDb: string | undefined,
  environment: Environment,
): Promise<void> {
  const writer = await openWritableHistory(productsDb, environment);
  try {
    const rows = found.map(({ transit }) => ({ name: transit.source.name, mjdUtc: transit.mjdUtc }));
    note(`${counted(await writer.addTransits(rows), 'transit')} added to cal_transits`);
  } finally {
    await writer.close();
  }
}

function json({ transit, match, othersInBeam, path, subBandsOnDisk }: FoundOnDisk) {
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

const COLUMNS = [
  { heading: 'source' },
  { heading: 'alias', drop: 3 },
  { heading: 'transit UTC' },
  { heading: 'min from mid' },
  { heading: 'inside', drop: 4 },
  { heading: 'dec offset', drop: 2 },
  { heading: 'beam', drop: 5 },
  { heading: 'sub-bands', drop: 1 },
  { heading: 'others', drop: 6 },
  { heading: 'file', shorten: true },
];

async function printFound(
  all: readonly FoundOnDisk[],
  observed: readonly FoundOnDisk[],
  missed: boolean,
): Promise<void> {
  const listed = missed ? all : observed;
  if (listed.length > 0) await printTable(COLUMNS, listed.map(cells));
  const last = observed.at(-1)?.transit;
  const when = last ? `; last observed ${isoOfMjdUtc(last.mjdUtc).slice(0, 10)}` : '';
  const how = missed || observed.length === all.length ? '' : ' (--missed lists the others)';
  await print(fitted(`observed ${observed.length} of ${counted(all.length, 'transit')}${when}${how}`));
}

function cells({ transit, match, othersInBeam, path, subBandsOnDisk }: FoundOnDisk): string[] {
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
          String(othersInBeam ?? ''),
          path ?? 'file unknown',
        ]
      : ['', '', '', '', '', '', 'missed']),
  ];
}
