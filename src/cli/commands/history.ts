import { historyColumns } from '../../sky/history/columns.js';
import { thinned } from '../../sky/history/thinned.js';
import { obsPlanColumns } from '../../sky/obscore.js';
import { observed } from '../../sky/observed.js';
import { pagesOf } from '../../sky/table/column.js';
import type { Environment } from '../config.js';
import { openHistory, readObservations } from '../open-history.js';
import { note, terminalWidth } from '../output.js';
import type { history as schema } from '../schema/history.js';
import type { Arguments } from '../schema/types.js';
import { timeRange } from '../time-range.js';
import { writeRows } from '../write-rows.js';

const NEWEST_ON_A_TERMINAL = 50;
const TABLE = {
  name: 'pointing_history',
  description: 'Where the DSA-110 pointed at the middle of each observation',
  columns: historyColumns,
  dropped: [['ha_deg'], ['timestamp'], ['ra_icrs_deg', 'dec_icrs_deg']],
};

export async function history(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const range = timeRange(args);
  const format = args.json ? 'json' : args.obsplan && args.format === 'table' ? 'votable' : args.format;
  const table = args.obsplan ? { ...TABLE, columns: obsPlanColumns } : TABLE;
  const onScreen = format === 'table' && terminalWidth() !== undefined;
  const limit = args.limit ?? (onScreen ? NEWEST_ON_A_TERMINAL : 0);
  const store = await openHistory(args.products_db, environment);
  try {
    const all = thinned(readObservations(store, range), args['time-interval-hours']);
    const { rows, total } = limit > 0 ? await newest(all, limit) : { rows: all, total: 0 };
    await writeRows(format, table, pagesOf(observed(rows)));
    if (total > limit && format === 'table')
      note(`the newest ${limit} of ${total} rows; --limit 0 shows all`);
  } finally {
    await store.close();
  }
}

/** The last rows, and how many there are in all. */
async function newest<Row>(all: AsyncIterable<Row>, limit: number): Promise<{ rows: Row[]; total: number }> {
  let rows: Row[] = [];
  let total = 0;
  for await (const row of all) {
    total++;
    rows.push(row);
    if (rows.length >= 2 * limit) rows = rows.slice(-limit);
  }
  return { rows: rows.slice(-limit), total };
}
