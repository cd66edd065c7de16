import { type Column, historyColumns } from '../../sky/history/columns.js';
import { historyCsv } from '../../sky/history/csv.js';
import { thinned } from '../../sky/history/thinned.js';
import { historyVotable } from '../../sky/history/votable.js';
import { type ObservedRow, observed } from '../../sky/observed.js';
import type { Environment } from '../config.js';
import { openHistory, readObservations } from '../open-history.js';
import { note, oneLine, print, printJson, printRaw, terminalWidth } from '../output.js';
import type { history as schema } from '../schema/history.js';
import type { Arguments } from '../schema/types.js';
import { Table } from '../table.js';
import { timeRange } from '../time-range.js';

type Rows = AsyncIterable<ObservedRow>;

const PART_LENGTH = 1 << 16;
const NEWEST_ON_A_TERMINAL = 50;

export async function history(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const range = timeRange(args);
  const format = args.json ? 'json' : args.format;
  const onScreen = format === 'table' && terminalWidth() !== undefined;
  const limit = args.limit ?? (onScreen ? NEWEST_ON_A_TERMINAL : 0);
  const store = await openHistory(args.products_db, environment);
  try {
    const all = thinned(readObservations(store, range), args['time-interval-hours']);
    const { rows, total } = limit > 0 ? await newest(all, limit) : { rows: all, total: 0 };
    await writers[format](observed(rows));
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

const writers: Record<Arguments<typeof schema>['format'], (rows: Rows) => Promise<void>> = {
  table: (rows) => inParts(tableLines(rows), print),
  json: async (rows) => {
    for await (const row of rows)
      await printJson(Object.fromEntries(historyColumns.map(({ name, value }) => [name, value(row)])));
  },
  csv: (rows) => inParts(historyCsv(rows), printRaw),
  votable: (rows) => inParts(historyVotable(rows), printRaw),
};

async function inParts(texts: AsyncIterable<string>, write: (text: string) => Promise<void>): Promise<void> {
  let part = '';
  for await (const text of texts) {
    part += text;
    if (part.length < PART_LENGTH) continue;
    await write(part);
    part = '';
  }
  if (part !== '') await write(part);
}

/** The first to go on a narrow screen first. */
const DROPPED = ['ha_deg', 'timestamp', 'dec_icrs_deg', 'ra_icrs_deg'];

/** Line by line, without looking ahead: numbers and times have known widths, and the path is the last. */
async function* tableLines(rows: Rows): AsyncGenerator<string> {
  const columns = historyColumns.map(({ name }) => {
    const drop = DROPPED.indexOf(name) + 1;
    return { heading: name, ...(drop > 0 && { drop }), ...(name === 'path' && { shorten: true }) };
  });
  const table = new Table(columns, [historyColumns.map(widest)]);
  yield `${table.heading()}\n`;
  for await (const row of rows) {
    const cells = historyColumns.map(({ value, decimals }) => {
      const cell = value(row);
      return typeof cell === 'number' ? cell.toFixed(decimals) : oneLine(cell ?? '');
    });
    yield `${table.row(cells)}\n`;
  }
}

/** As wide as any cell of the column, where its width is known; a path takes what is left. */
function widest({ name, type, decimals = 0 }: Column): string {
  if (type === 'double') return (name === 'timestamp' ? 60000 : -100).toFixed(decimals);
  return (name === 'path' ? 'x' : '0').repeat(name === 'path' ? (terminalWidth() ?? 1) : 20);
}
