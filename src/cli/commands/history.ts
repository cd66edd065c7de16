import { UsageError } from '../../errors.js';
import { columnsNamed } from '../../sky/history/columns.js';
import { rowsFor } from '../../sky/history/rows.js';
import { thinned } from '../../sky/history/thinned.js';
import { obsPlanColumns } from '../../sky/obscore.js';
import type { Pages } from '../../sky/table/column.js';
import type { Environment } from '../config.js';
import { noteWrongTimes, openHistory } from '../open-history.js';
import { note, terminalWidth } from '../output.js';
import { history as schema } from '../schema/history.js';
import type { Arguments } from '../schema/types.js';
import { timeRange } from '../time-range.js';
import { writeRows } from '../write-rows.js';

type Flags = Arguments<typeof schema>;

const NEWEST_ON_A_TERMINAL = 50;
const TABLE = {
  name: 'pointing_history',
  description: 'Where the DSA-110 pointed at the middle of each observation',
  dropped: [['ha_deg'], ['timestamp'], ['ra_icrs_deg', 'dec_icrs_deg']],
};

export async function history(args: Flags, environment: Environment): Promise<void> {
  const range = timeRange(args);
  const columns = columnsOf(args);
  const format = args.json ? 'json' : args.obsplan && args.format === 'table' ? 'votable' : args.format;
  const onScreen = format === 'table' && terminalWidth() !== undefined;
  const limit = args.limit ?? (onScreen ? NEWEST_ON_A_TERMINAL : 0);
  const store = await openHistory(args.products_db, environment);
  try {
    let total = 0;
    const pages = rowsFor(columns, store, range, (all) => {
      const some = thinned(all, args['time-interval-hours']);
      const count = (rows: number) => {
        total += rows;
      };
      return limit > 0 ? newest(some, limit, count) : some;
    });
    await writeRows(format, { ...TABLE, columns }, pages);
    await noteWrongTimes(store, range);
    if (total > limit && format === 'table')
      note(`the newest ${limit} of ${total} rows; --limit 0 shows all`);
  } finally {
    await store.close();
  }
}

function columnsOf({ columns, obsplan }: Flags) {
  if (obsplan && columns !== undefined) throw new UsageError('give --columns or --obsplan, not both');
  if (obsplan) return obsPlanColumns;
  try {
    return columnsNamed(columns ?? schema.flags.columns.otherwise);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--columns: ${error.message}`);
    throw error;
  }
}

/** The last rows, as one page; counts all. */
async function* newest<Row>(
  pages: Pages<Row>,
  limit: number,
  count: (rows: number) => void,
): AsyncGenerator<readonly Row[]> {
  const kept: (readonly Row[])[] = [];
  let held = 0;
  for await (const page of pages) {
    count(page.length);
    kept.push(page);
    held += page.length;
    while (held - (kept[0]?.length ?? 0) >= limit) held -= kept.shift()?.length ?? 0;
  }
  yield kept.flat().slice(-limit);
}
