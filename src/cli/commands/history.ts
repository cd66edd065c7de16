import type { CommandModule } from 'yargs';
import { type Column, historyColumns } from '../../sky/history/columns.js';
import { historyCsv } from '../../sky/history/csv.js';
import { thinned } from '../../sky/history/thinned.js';
import { historyVotable } from '../../sky/history/votable.js';
import { type ObservedRow, observed } from '../../sky/observed.js';
import { productsDbOption } from '../common-options.js';
import { type Environment, numberFlag } from '../config.js';
import { openHistory, readObservations } from '../open-history.js';
import { print } from '../output.js';
import { type TimeFlags, timeOptions, timeRange } from '../time-range.js';

const formats = ['table', 'json', 'csv', 'votable'] as const;

interface Arguments extends TimeFlags {
  products_db: string | undefined;
  'time-interval-hours': number;
  format: (typeof formats)[number];
  json: boolean;
}

const PART_LENGTH = 1 << 16;

export function historyCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'history [products_db]',
    describe: 'The stored pointings of a range of times, apparent and ICRS',
    builder: (args) =>
      args
        .positional('products_db', productsDbOption)
        .options(timeOptions)
        .option('time-interval-hours', {
          type: 'number',
          default: 0,
          describe: 'At most one row in so many hours; 0 for all',
        })
        .option('format', { choices: formats, default: 'table' as const, describe: 'What to write' })
        .option('json', { type: 'boolean', default: false, describe: 'The same as --format json' })
        .example('$0 history --days-back 1', 'of the last 24 hours')
        .example('$0 history --from 2025-10-01 --format votable > october.vot', 'for TOPCAT and its like')
        .epilogue(
          'RA and Dec are apparent, equinox of date; the ICRS columns are for catalogue positions. Times are UTC.\n\nExit: 0 done, 2 bad usage.',
        ),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const range = timeRange(args);
  const hours = numberFlag(args['time-interval-hours'], '--time-interval-hours', { least: 0, most: 1e6 });
  const store = await openHistory(args.products_db, environment);
  try {
    const rows = observed(thinned(readObservations(store, range), hours));
    let part = '';
    for await (const text of writers[args.json ? 'json' : args.format](rows)) {
      part += text;
      if (part.length < PART_LENGTH) continue;
      await print(part);
      part = '';
    }
    await print(part);
  } finally {
    await store.close();
  }
}

type Writer = (rows: AsyncIterable<ObservedRow>) => AsyncIterable<string>;

const writers: Record<Arguments['format'], Writer> = {
  table: historyTable,
  json: historyJson,
  csv: historyCsv,
  votable: historyVotable,
};

async function* historyJson(rows: AsyncIterable<ObservedRow>): AsyncGenerator<string> {
  for await (const row of rows) {
    const values = historyColumns.map(({ name, value }) => [name, value(row)]);
    yield `${JSON.stringify(Object.fromEntries(values))}\n`;
  }
}

/** Line by line, without looking ahead: numbers and times have known widths, and the path is the last. */
async function* historyTable(rows: AsyncIterable<ObservedRow>): AsyncGenerator<string> {
  const width = ({ name, type, decimals = 0 }: Column) =>
    name === 'path' ? 0 : Math.max(type === 'text' ? 20 : decimals + 6, name.length);
  const line = (cell: (column: Column) => string) =>
    `${historyColumns.map((column) => cell(column).padStart(width(column))).join('  ')}\n`;
  yield line(({ name }) => name);
  for await (const row of rows) {
    yield line(({ value, decimals }) => {
      const cell = value(row);
      return typeof cell === 'number' ? cell.toFixed(decimals) : (cell ?? '');
    });
  }
}
