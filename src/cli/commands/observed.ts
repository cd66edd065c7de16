import type { CommandModule } from 'yargs';
import { UsageError } from '../../errors.js';
import { extentDeg } from '../../sky/beam.js';
import type { Source } from '../../sky/calibrators.js';
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
import { aligned, csv, jsonLines } from '../../sky/table/text.js';
import { votable } from '../../sky/table/votable.js';
import { mjdUtcOfDate } from '../../units.js';
import { productsDbOption } from '../common-options.js';
import { type Environment, numberFlag } from '../config.js';
import { openHistoryReader } from '../open-history.js';
import { print } from '../output.js';
import { readPositions } from '../positions-file.js';
import { namedSource, type SourceFlags } from '../source-flags.js';
import { type TimeFlags, timeOptions, timeRange } from '../time-range.js';

const tables = ['observation', 'day', 'dwell', 'position'] as const;

interface Arguments extends Omit<SourceFlags, 'least-flux-jy'>, TimeFlags {
  positions: string | undefined;
  'radius-deg': number | undefined;
  response: number | undefined;
  'products-db': string | undefined;
  by: (typeof tables)[number];
  json: boolean;
  csv: boolean;
  votable: boolean;
}

export function observedCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'observed [name]',
    describe: 'List every file that had a position in the beam',
    builder: (args) =>
      args
        .positional('name', { type: 'string', describe: 'A calibrator: 3C286, 1331+305 or J1331+3030' })
        .option('ra', { type: 'number', describe: 'ICRS right ascension of another position, degrees' })
        .option('dec', { type: 'number', describe: 'ICRS declination of another position, degrees' })
        .option('positions', {
          type: 'string',
          describe: 'CSV file of many positions: columns ra and dec (ICRS, degrees) and name; - for stdin',
        })
        .option('radius-deg', {
          type: 'number',
          describe: 'Distance from the centre of the beam that counts as in the beam [half power: 1.36]',
        })
        .option('response', {
          type: 'number',
          describe: 'Instead of a radius: least power response that counts, above 0 and below 1',
        })
        .options(timeOptions)
        .option('products-db', productsDbOption)
        .option('by', { choices: tables, default: 'observation' as const, describe: 'What a row is' })
        .option('json', {
          type: 'boolean',
          default: false,
          describe: 'One JSON object per row, positions last',
        })
        .option('csv', { type: 'boolean', default: false, describe: 'CSV' })
        .option('votable', { type: 'boolean', default: false, describe: 'An IVOA VOTable' })
        .example('$0 observed 3C286 --days-back 30', 'files of the last 30 days with 3C 286 in the beam')
        .example('$0 observed --ra 251.0 --dec 54.7 --by day --csv', 'exposure on each day')
        .example('$0 observed --positions frbs.csv --by position', 'totals of many positions')
        .epilogue(
          'Times are UTC. The telescope stands still and the sky drifts past, so a position enters and leaves the beam during a file. The beam is that of a uniformly lit 4.65 m dish at 1.4 GHz; its response is relative to the centre. Exit codes: 0 done, 2 bad usage.',
        ),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const sources = positionsOf(args);
  const options = { radiusDeg: radiusOf(args) };
  const range = timeRange(args);
  const reader = await openHistoryReader(args['products-db'], environment);
  try {
    const totals = new Totals(reader);
    const sightings = adding(totals, observedSightings(reader, sources, range, options));
    const summaries = () => positionSummaries(reader, sources, totals, mjdUtcOfDate(new Date()), options);
    const write = writerOf(args);
    const oneTable = args.csv || args.votable;
    if (args.by === 'observation') await write('observation', observationColumns, withSubBands(sightings));
    else for await (const _ of sightings);
    if (args.by === 'day') await write('day', dayColumns, [totals.days()]);
    if (args.by === 'dwell' || (args.by === 'observation' && !oneTable))
      await write('dwell', dwellColumns, [totals.dwells()]);
    if (args.by === 'position' || !oneTable) await write('position', positionColumns, [await summaries()]);
  } finally {
    await reader.close();
  }
}

function positionsOf(args: Arguments): Source[] {
  const source = namedSource({ ...args, 'least-flux-jy': 0 });
  if (args.positions !== undefined && source)
    throw new UsageError('give one position, or --positions, not both');
  if (args.positions !== undefined) return readPositions(args.positions);
  if (!source)
    throw new UsageError('which position? name a calibrator, or give --ra and --dec, or --positions');
  return [source];
}

function radiusOf({ 'radius-deg': radiusDeg, response }: Arguments): number {
  if (radiusDeg !== undefined && response !== undefined)
    throw new UsageError('give --radius-deg or --response, not both');
  if (radiusDeg !== undefined) numberFlag(radiusDeg, '--radius-deg', { least: 0, most: 180 });
  if (response !== undefined && !(response > 0 && response < 1))
    throw new UsageError('--response: expected a number above 0 and below 1');
  return extentDeg({ radiusDeg, response });
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
  const subBandsOf = ({ path }: ObservedSighting) => (path === null ? 0 : counter.besides(path));
  for await (const page of pages) {
    yield await Promise.all(page.map(async (each) => ({ ...each, subBandsOnDisk: await subBandsOf(each) })));
  }
}

/** The file last: its width is not known. */
const observationColumns = [...sightingColumns.slice(0, -1), subBandsColumn, ...sightingColumns.slice(-1)];

type Write = <Row>(
  kind: Arguments['by'],
  columns: readonly Column<Row>[],
  pages: Pages<Row>,
) => Promise<void>;

function writerOf(args: Arguments): Write {
  if (Number(args.json) + Number(args.csv) + Number(args.votable) > 1)
    throw new UsageError('give one of --json, --csv and --votable');
  let first = true;
  return async (kind, columns, pages) => {
    if (!first && !args.json) await print('\n');
    first = false;
    const description = `Positions in the beam, a row per ${kind}`;
    const parts = args.json
      ? jsonLines(columns, pages, kind)
      : args.csv
        ? csv(columns, pages)
        : args.votable
          ? votable({ name: 'observed', description }, columns, pages)
          : aligned(columns, pages);
    for await (const part of parts) await print(part);
  };
}
