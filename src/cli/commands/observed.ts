import { setFlagsFromString } from 'node:v8';
import { UsageError } from '../../errors.js';
import type { Extent } from '../../sky/beam.js';
import type { Source } from '../../sky/calibrators.js';
import { readInstruments } from '../../sky/instruments.js';
import {
  dayColumns,
  dwellColumns,
  positionColumns,
  type SightingOnDisk,
  sightingColumns,
  subBandsColumn,
} from '../../sky/sightings/columns.js';
import { type ObservedSighting, observedSightings, positionSummaries } from '../../sky/sightings/observed.js';
import { Totals } from '../../sky/sightings/totals.js';
import { SubBandCounter } from '../../sky/sub-bands.js';
import type { Column, Pages } from '../../sky/table/column.js';
import { openExistingReader } from '../../store/open.js';
import { nowMjdUtc } from '../../units.js';
import { type Environment, requireProductsDb } from '../config.js';
import { overridesOf } from '../instrument-flags.js';
import { print } from '../output.js';
import { readPositions } from '../positions-file.js';
import type { observed as schema } from '../schema/observed.js';
import type { Arguments } from '../schema/types.js';
import { namedSource } from '../source-flags.js';
import { timeRange } from '../time-range.js';
import { writeRows } from '../write-rows.js';

type Flags = Arguments<typeof schema>;

/** A search for one position is over by then, and would spend a fifth of its time in V8's optimizing compiler. */
const OPTIMIZED_AFTER_MS = 500;

export async function observed(args: Flags, environment: Environment): Promise<void> {
  setFlagsFromString('--no-opt');
  setTimeout(() => setFlagsFromString('--opt'), OPTIMIZED_AFTER_MS).unref();
  const sources = positionsOf(args);
  const range = timeRange(args);
  const extent = extentOf(args);
  const reader = await openExistingReader(requireProductsDb(args['products-db']), environment);
  try {
    const options = { ...extent, instruments: await readInstruments(reader, overridesOf(args)) };
    const oneTable = args.csv || args.votable;
    const dwells = args.by === 'dwell' || (args.by === 'observation' && !oneTable);
    const totals = new Totals(reader, options.instruments, { days: args.by === 'day', dwells });
    const sightings = adding(totals, observedSightings(reader, sources, range, options));
    const summaries = () => positionSummaries(reader, sources, totals, nowMjdUtc(), options);
    const write = writerOf(args);
    if (args.by === 'observation') await write('observation', observationColumns, withSubBands(sightings));
    else for await (const _ of sightings);
    if (args.by === 'day') await write('day', dayColumns, [totals.days()]);
    if (dwells) await write('dwell', dwellColumns, [totals.dwells()]);
    if (args.by === 'position' || !oneTable) await write('position', positionColumns, [await summaries()]);
  } finally {
    await reader.close();
  }
}

function positionsOf(args: Flags): Source[] {
  const source = namedSource(args);
  if (args.positions !== undefined && source)
    throw new UsageError('give one position, or --positions, not both');
  if (args.positions !== undefined) return readPositions(args.positions);
  if (!source) throw new UsageError('no position: name a source, or give --ra and --dec, or --positions');
  return [source];
}

function extentOf({ 'radius-deg': radiusDeg, response }: Flags): Extent {
  if (radiusDeg !== undefined && response !== undefined)
    throw new UsageError('give --radius-deg or --response, not both');
  if (response !== undefined && !(response > 0 && response < 1))
    throw new UsageError('--response: expected a number above 0 and below 1');
  return { radiusDeg, response };
}

async function* adding(
  totals: Totals,
  pages: AsyncIterable<ObservedSighting[]>,
): AsyncGenerator<ObservedSighting[]> {
  for await (const page of pages) {
    for (const sighting of page) await totals.add(sighting);
    yield page;
  }
}

async function* withSubBands(pages: AsyncIterable<ObservedSighting[]>): AsyncGenerator<SightingOnDisk[]> {
  const counter = new SubBandCounter();
  for await (const page of pages) {
    yield await Promise.all(
      page.map(async (each) => ({ ...each, subBandsOnDisk: await counter.besides(each.path) })),
    );
  }
}

/** Before the file and its quality. */
const observationColumns = [...sightingColumns.slice(0, -2), subBandsColumn, ...sightingColumns.slice(-2)];

/** The first to go on a narrow screen first. */
const DROPPED = [
  ['quality'],
  ['instrument'],
  ['weighted_seconds'],
  ['timestamp'],
  ['next_instrument'],
  ['next_out_utc', 'next_offset_deg'],
  ['mean_response'],
  ['ra_icrs_deg', 'dec_icrs_deg'],
  ['sub_bands_on_disk'],
  ['offset_deg'],
  ['out_utc'],
  ['first_utc'],
  ['name'],
  ['peak_response'],
  ['last_utc'],
];

type Write = <Row>(kind: Flags['by'], columns: readonly Column<Row>[], pages: Pages<Row>) => Promise<void>;

function writerOf(args: Flags): Write {
  if (Number(args.json) + Number(args.csv) + Number(args.votable) > 1)
    throw new UsageError('give one of --json, --csv and --votable');
  const format = args.json ? 'json' : args.csv ? 'csv' : args.votable ? 'votable' : 'table';
  let first = true;
  return async (kind, columns, pages) => {
    if (!first && !args.json) await print('');
    first = false;
    const description = `Positions in the beam, a row per ${kind}`;
    await writeRows(format, { name: 'observed', description, columns, dropped: DROPPED, kind }, pages);
  };
}
