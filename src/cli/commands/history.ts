import type { CommandModule } from 'yargs';
import { historyColumns } from '../../sky/history/columns.js';
import { thinned } from '../../sky/history/thinned.js';
import { obsPlanColumns } from '../../sky/obscore.js';
import { type ObservedRow, observed } from '../../sky/observed.js';
import { type Column, type Pages, pagesOf } from '../../sky/table/column.js';
import { aligned, csv, jsonLines } from '../../sky/table/text.js';
import { votable } from '../../sky/table/votable.js';
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
  obsplan: boolean;
}

const HEADING = {
  name: 'pointing_history',
  description: 'Where the DSA-110 pointed at the middle of each observation',
};

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
        .option('obsplan', {
          type: 'boolean',
          default: false,
          describe:
            'Columns of the IVOA table ivoa.obsplan (ObsLocTAP), as a VOTable unless --format says otherwise',
        })
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
    const format = args.json ? 'json' : args.obsplan && args.format === 'table' ? 'votable' : args.format;
    const columns = args.obsplan ? obsPlanColumns : historyColumns;
    for await (const part of writers[format](columns, pagesOf(rows))) await print(part);
  } finally {
    await store.close();
  }
}

type Writer = (columns: readonly Column<ObservedRow>[], rows: Pages<ObservedRow>) => AsyncIterable<string>;

const writers: Record<Arguments['format'], Writer> = {
  table: aligned,
  json: jsonLines,
  csv,
  votable: (columns, rows) => votable(HEADING, columns, rows),
};
