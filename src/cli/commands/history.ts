import { UsageError } from '../../errors.js';
import { columnsNamed } from '../../sky/history/columns.js';
import { rowsFor } from '../../sky/history/rows.js';
import { thinned } from '../../sky/history/thinned.js';
import { type Instruments, readInstruments } from '../../sky/instruments.js';
import { obsPlanColumns } from '../../sky/obscore.js';
import type { Pages } from '../../sky/table/column.js';
import { openExistingReader } from '../../store/open.js';
import { FAULT_RANGE } from '../../store/plausible.js';
import type { HistoryReader } from '../../store/reader.js';
import { counted, type TimeRange } from '../../units.js';
import { type Environment, requireProductsDb } from '../config.js';
import { overridesOf } from '../instrument-flags.js';
import { note, terminalWidth } from '../output.js';
import { history as schema } from '../schema/history.js';
import type { Arguments } from '../schema/types.js';
import { timeRange } from '../time-range.js';
import { writeRows } from '../write-rows.js';

type Flags = Arguments<typeof schema>;

const NEWEST_ON_A_TERMINAL = 50;
const DROPPED = [['quality'], ['ha_deg'], ['timestamp'], ['ra_icrs_deg', 'dec_icrs_deg']];

export async function history(args: Flags, environment: Environment): Promise<void> {
  const range = timeRange(args);
  const format = args.json ? 'json' : args.obsplan && args.format === 'table' ? 'votable' : args.format;
  const onScreen = format === 'table' && terminalWidth() !== undefined;
  const limit = args.limit ?? (onScreen ? NEWEST_ON_A_TERMINAL : 0);
  const store = await openExistingReader(requireProductsDb(args.products_db), environment);
  try {
    const instruments = await readInstruments(store, overridesOf(args, args.name));
    const columns = columnsOf(args, instruments);
    const telescopes = instruments.telescopes.map(({ name }) => name).join(' and ');
    const table = {
      name: 'pointing_history',
      description: `Where ${telescopes} pointed at the middle of each observation`,
      columns,
      dropped: DROPPED,
    };
    const intervalHours = args['time-interval-hours'];
    let total = 0;
    const pages = rowsFor(columns, store, instruments.unknown.site, range, (all) => {
      const some = intervalHours > 0 ? thinned(all, intervalHours) : all;
      const count = (rows: number) => {
        total += rows;
      };
      return limit > 0 ? newest(some, limit, count) : some;
    });
    await writeRows(format, table, pages);
    await noteWrongTimes(store, range);
    if (total > limit && format === 'table')
      note(`the newest ${limit} of ${total} rows; --limit 0 shows all`);
  } finally {
    await store.close();
  }
}

function columnsOf({ columns, obsplan }: Flags, instruments: Instruments) {
  if (obsplan && columns !== undefined) throw new UsageError('give --columns or --obsplan, not both');
  if (obsplan) return obsPlanColumns(instruments);
  try {
    return columnsNamed(columns ?? schema.flags.columns.otherwise, instruments);
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

/** A line on stderr reports rows of a range of times with the Python monitor's wrong times, which are left out. */
async function noteWrongTimes(reader: HistoryReader, { fromMjdUtc, toMjdUtc }: TimeRange): Promise<void> {
  if (fromMjdUtc >= FAULT_RANGE.end || toMjdUtc < FAULT_RANGE.start) return;
  const { wrong_time: wrong = 0 } = await reader.implausibleRows('times');
  if (wrong > 0) {
    note(
      `left out ${counted(wrong, 'row')} with the Python monitor's wrong times: run "pointing-monitor doctor --repair"`,
    );
  }
}
