import { SUB_BANDS } from '../../files.js';
import { calibratorsAbove, type Source } from '../../sky/calibrators.js';
import { type MatchedTransit, crossmatch as match } from '../../sky/crossmatch.js';
import { type Instruments, readInstruments, type Telescope } from '../../sky/instruments.js';
import { SubBandCounter } from '../../sky/sub-bands.js';
import { nearDeclination, SAME_TRANSIT_DAYS, type Transit, transitsOfAll } from '../../sky/transits.js';
import { openExistingReader, openExistingStore } from '../../store/open.js';
import type { Observation } from '../../store/rows.js';
import {
  counted,
  degrees,
  isoMillisecondsOfMjdUtc,
  isoOfMjdUtc,
  MINUTES_PER_DAY,
  mjdUtc,
  type TimeRange,
} from '../../units.js';
import { type Environment, requireProductsDb } from '../config.js';
import { overridesOf } from '../instrument-flags.js';
import { fitted, note, print, printJson } from '../output.js';
import type { crossmatch as schema } from '../schema/crossmatch.js';
import type { Arguments } from '../schema/types.js';
import { aliasOf, listedName, namedSource } from '../source-flags.js';
import { printTable } from '../table.js';
import { timeRange } from '../time-range.js';

type Matched = ReadonlyMap<Source, readonly MatchedTransit[]>;
/** A transit, with the observation nearest to it, if any. */
type Found = { readonly transit: Transit; readonly telescope: Telescope } & Partial<MatchedTransit>;
type FoundOnDisk = Found & { readonly path: string | null; readonly subBandsOnDisk: number | null };

export async function crossmatch(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const range = timeRange(args, { daysBack: 21, daysAhead: 0 });
  const source = namedSource(args);
  const options = {
    decToleranceDeg: args['dec-tolerance-deg'],
    timePadMinutes: args['time-pad-minutes'],
  };
  const reader = await openExistingReader(requireProductsDb(args['products-db']), environment);
  try {
    const sources = source ? [source] : calibratorsAbove(args['min-flux-jy']);
    const instruments = await readInstruments(reader, overridesOf(args));
    // Programs get every transit of a source that they name; of all calibrators, those that were missed are many.
    const withMissed = source !== undefined || args.missed;
    const found: Found[] = [];
    for (const telescope of instruments.all) {
      const padDays = (options.timePadMinutes + telescope.longestSeconds / 2 / 60) / MINUTES_PER_DAY;
      const all = reader.observationPages(
        mjdUtc(range.fromMjdUtc - padDays),
        mjdUtc(range.toMjdUtc + padDays),
      );
      const declinationsDeg = new Set<number>();
      const pages = ofTelescope(telescope, instruments, all, declinationsDeg);
      const matched = await match(sources, pages, range, { ...options, instruments, telescope });
      // Another telescope that did not observe missed nothing.
      if (declinationsDeg.size === 0 && telescope !== instruments.telescopes[0]) continue;
      const reachable = source ? sources : near(sources, declinationsDeg, options.decToleranceDeg);
      const ofThis = withMissed
        ? allTransits(reachable, range, matched, telescope)
        : [...matched.values()].flat().map((each) => ({ ...each, telescope }));
      for (const each of ofThis) found.push(each);
    }
    const all = await onDisk(found.sort((a, b) => a.transit.mjdUtc - b.transit.mjdUtc));
    const observed = all.filter(({ match }) => match);
    if (args.json) for (const each of all) await printJson(json(each));
    else await printFound(args.missed ? all : observed, observed, withMissed ? all.length : undefined);
    if (args.store) await store(observed.filter(isInBeam), args['products-db'], environment);
  } finally {
    await reader.close();
  }
}

const isInBeam = ({ match }: Found) => match?.inBeam ?? false;

/** Passes a telescope's rows on, and collects at which declinations it was, to 0.1 degrees. */
async function* ofTelescope(
  telescope: Telescope,
  instruments: Instruments,
  pages: AsyncIterable<readonly Observation[]>,
  declinationsDeg: Set<number>,
): AsyncGenerator<readonly Observation[]> {
  for await (const page of pages) {
    const rows = page.filter(({ instrumentId }) => instruments.telescopeOf(instrumentId) === telescope);
    for (const { dec_deg } of rows) declinationsDeg.add(Math.round(dec_deg * 10) / 10);
    yield rows;
  }
}

/** The sources that at least one of the declinations allows. */
function near(sources: readonly Source[], declinationsDeg: Iterable<number>, toleranceDeg: number): Source[] {
  const tests = [...declinationsDeg].map((decDeg) => nearDeclination(degrees(decDeg), toleranceDeg + 0.05));
  return sources.filter((source) => tests.some((isNear) => isNear(source)));
}

/** Every transit of the sources over a telescope, observed or not. */
function allTransits(
  sources: readonly Source[],
  { fromMjdUtc, toMjdUtc }: TimeRange,
  matched: Matched,
  telescope: Telescope,
): Found[] {
  const next = new Map<Source, number>();
  return transitsOfAll(sources, fromMjdUtc, toMjdUtc, telescope.site).map((transit): Found => {
    const i = next.get(transit.source) ?? 0;
    const found = matched.get(transit.source)?.[i];
    if (!found || Math.abs(found.transit.mjdUtc - transit.mjdUtc) > SAME_TRANSIT_DAYS)
      return { transit, telescope };
    next.set(transit.source, i + 1);
    return { ...found, telescope };
  });
}

async function onDisk(found: readonly Found[]): Promise<FoundOnDisk[]> {
  const counter = new SubBandCounter();
  const all: FoundOnDisk[] = [];
  for (const each of found) {
    const path = each.match?.row.path ?? null;
    all.push({ ...each, path, subBandsOnDisk: await counter.besides(path) });
  }
  return all;
}

async function store(
  found: readonly Found[],
  productsDb: string | undefined,
  environment: Environment,
): Promise<void> {
  const writer = await openExistingStore(requireProductsDb(productsDb), environment);
  try {
    const rows = found.map(({ transit }) => ({ name: listedName(transit.source), mjdUtc: transit.mjdUtc }));
    note(`${counted(await writer.addTransits(rows), 'transit')} added to cal_transits`);
  } finally {
    await writer.close();
  }
}

function json({ transit, telescope, match, othersInBeam, path, subBandsOnDisk }: FoundOnDisk) {
  return {
    name: transit.source.name,
    transit_utc: isoMillisecondsOfMjdUtc(transit.mjdUtc),
    transit_mjd: transit.mjdUtc,
    observed: match !== undefined,
    inside: match?.minutesOutside === 0,
    in_beam: match?.inBeam ?? false,
    path,
    mid_mjd: match?.row.timestamp ?? null,
    minutes_from_mid: match?.minutesFromMid ?? null,
    dec_offset_deg: match?.decOffsetDeg ?? null,
    beam_response: match?.beamResponse ?? null,
    sub_bands_on_disk: subBandsOnDisk,
    others_in_beam: othersInBeam ?? null,
    instrument: telescope.name,
    quality: match?.row.quality ?? null,
  };
}

const TELESCOPE = 'telescope';
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
  { heading: TELESCOPE, drop: 7 },
  { heading: 'file', shorten: true },
];

/** `transits` is how many there were, observed or not; undefined where they were not counted. */
async function printFound(
  listed: readonly FoundOnDisk[],
  observed: readonly FoundOnDisk[],
  transits: number | undefined,
): Promise<void> {
  if (listed.length > 0) {
    const several = new Set(listed.map(({ telescope }) => telescope)).size > 1;
    const shown = (_: unknown, i: number) => several || COLUMNS[i]?.heading !== TELESCOPE;
    await printTable(
      COLUMNS.filter(shown),
      listed.map((each) => cells(each).filter(shown)),
    );
  }
  const last = observed.at(-1)?.transit;
  const when = last ? `; last observed ${isoMillisecondsOfMjdUtc(last.mjdUtc).slice(0, 10)}` : '';
  const how = listed.length === transits ? '' : ' (--missed lists the others)';
  const count =
    transits === undefined
      ? counted(observed.length, 'transit')
      : `${observed.length} of ${counted(transits, 'transit')}`;
  const inBeam = observed.filter(isInBeam).length;
  const beam = inBeam === observed.length ? '' : `, ${inBeam} with the source in the beam`;
  await print(fitted(`observed ${count}${beam}${when}${how}`));
}

function cells({ transit, telescope, match, othersInBeam, path, subBandsOnDisk }: FoundOnDisk): string[] {
  return [
    transit.source.name,
    aliasOf(transit.source),
    isoOfMjdUtc(transit.mjdUtc).slice(0, 19),
    ...(match
      ? [
          match.minutesFromMid.toFixed(2),
          match.minutesOutside === 0 ? 'yes' : 'no',
          match.decOffsetDeg.toFixed(3),
          match.beamResponse.toFixed(3),
          subBandsOnDisk === null ? '' : `${subBandsOnDisk} of ${SUB_BANDS}`,
          String(othersInBeam ?? ''),
          telescope.name,
          path ?? 'file unknown',
        ]
      : ['', '', '', '', '', '', telescope.name, 'missed']),
  ];
}
