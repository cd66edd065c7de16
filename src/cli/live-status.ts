import { readStatusFileInTime } from '../health/status-file.js';
import { within } from '../monotonic.js';
import { directionOf } from '../sky/in-beam.js';
import type { Instrument } from '../sky/instrument.js';
import { type InstrumentOverrides, newestOf, readInstruments } from '../sky/instruments.js';
import { transitsNear } from '../sky/transits.js';
import { openReader } from '../store/open.js';
import type { HistoryReader } from '../store/reader.js';
import type { HistoryRow } from '../store/rows.js';
import { fixed, fixed360, isoOfMjdUtc, MINUTES_PER_DAY, mjdUtc, nowMjdUtc } from '../units.js';
import { oneLine, textWidth } from './output.js';
import { statusLine, statusLines } from './status-text.js';
import { Table } from './table.js';

const REDRAW_MS = 2000;
const CLOSE_SECONDS = 1;
const ROWS = 5;
const MIN_FLUX_JY = 1;

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
/** Ctrl-C comes as a key while the terminal is in raw mode. */
const LEAVING = ['q', '\x03', '\x1b'];

/** Shows the status until a signal or `q`, on a screen of its own: the terminal is left as it was. */
export async function watchStatus(
  statusFile: string,
  productsDb: string | undefined,
  overrides: InstrumentOverrides,
): Promise<void> {
  const reader = productsDb === undefined ? undefined : await openReader(productsDb);
  const rate = new Rate();
  const stopped = untilAsked();
  // Whatever ends the program, the terminal is put back.
  const leave = () => process.stdout.write(LEAVE);
  process.once('exit', leave);
  process.stdout.write(ENTER);
  try {
    for (let stop = false; !stop; ) {
      const text = await Promise.race([stopped, frame(statusFile, reader && { reader, overrides }, rate)]);
      if (text === true) break;
      process.stdout.write(`${HOME}${text.map((line) => `${CLEAR_LINE}${line}`).join('\n')}${rest(text)}`);
      stop = await Promise.race([stopped, pause()]);
    }
  } finally {
    process.off('exit', leave);
    leave();
    process.stdin.setRawMode?.(false).pause();
    if (reader) await within(CLOSE_SECONDS, reader.close());
  }
}

/** Some terminals report 0 rows. */
const screenRows = () => process.stdout.rows || 24;

/** What clears the lines below a frame. On a full screen there are none, and a further line would scroll the first away. */
const rest = (text: readonly string[]) => (text.length < screenRows() ? `\n${CLEAR_BELOW}` : '');

const pause = () => new Promise<false>((resolve) => setTimeout(resolve, REDRAW_MS, false));

/** True once somebody wants to leave. */
function untilAsked(): Promise<true> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(true));
    if (!process.stdin.isTTY) return;
    process.stdin.setRawMode(true).on('data', (keys) => {
      if (LEAVING.some((key) => String(keys).includes(key))) resolve(true);
    });
  });
}

interface Watched {
  readonly reader: HistoryReader;
  readonly overrides: InstrumentOverrides;
}

async function frame(statusFile: string, watched: Watched | undefined, rate: Rate): Promise<string[]> {
  const reading = await readStatusFileInTime(statusFile);
  const { rows, instrument } = watched ? await lastRows(watched) : NOTHING;
  const lines =
    reading.error === undefined
      ? statusLines(reading.status, reading.ageSeconds, reading.stale)
      : [oneLine(reading.error)];
  if (reading.error === undefined) {
    const { queue, metrics, timestamp } = reading.status;
    if (queue)
      lines.push(
        statusLine(
          'queue',
          `${queue.depth} files, ${queue.retrying} to retry, ${queue.in_flight} being read, ${queue.unwritten} unwritten`,
        ),
      );
    lines.push(statusLine('rate', rate.next(metrics.files_processed, timestamp)));
  }
  const newest = rows.at(-1);
  if (newest && instrument) lines.push(statusLine('transit', nextTransit(newest, instrument)));
  if (rows.length > 0) lines.push('', ...table(rows));
  // A line that wraps would scroll the first away.
  const width = Math.min(textWidth(), process.stdout.columns || textWidth());
  return [...lines, '', 'q quits']
    .flatMap((line) => line.split('\n'))
    .map((line) => line.slice(0, width))
    .slice(0, screenRows());
}

interface LastRows {
  readonly rows: readonly HistoryRow[];
  /** Of the newest. */
  readonly instrument?: Instrument;
}
const NOTHING: LastRows = { rows: [] };

/** The newest rows, oldest first. A failing database has none to show; the status says why. */
async function lastRows({ reader, overrides }: Watched): Promise<LastRows> {
  try {
    const instruments = await readInstruments(reader, overrides);
    const newest = await newestOf(reader, instruments);
    if (!newest) return NOTHING;
    const rows: HistoryRow[] = [];
    for await (const row of reader.history(mjdUtc(newest.timestamp - 1), newest.timestamp)) rows.push(row);
    return { rows: rows.slice(-ROWS), instrument: instruments.of(newest) };
  } catch {
    return NOTHING;
  }
}

function table(rows: readonly HistoryRow[]): string[] {
  const cells = rows.map(({ timestamp, ra_deg, dec_deg }) => [
    isoOfMjdUtc(timestamp),
    timestamp.toFixed(5),
    fixed360(ra_deg, 4),
    fixed(dec_deg, 4),
  ]);
  const columns = ['last rows, UTC', 'MJD', 'RA deg', 'Dec deg'].map((heading) => ({ heading }));
  const layout = new Table(columns, cells);
  return [layout.heading(), ...cells.map((row) => layout.row(row))];
}

function nextTransit(newest: HistoryRow, instrument: Instrument): string {
  const now = nowMjdUtc();
  const range = { fromMjdUtc: now, toMjdUtc: mjdUtc(now + 1) };
  const [next] = transitsNear(directionOf(newest, instrument), instrument, range, MIN_FLUX_JY);
  if (!next) return 'no calibrator passes through the beam within a day';
  const { source, mjdUtc: time } = next;
  return `${source.altName || source.name} at ${isoOfMjdUtc(time)}, in ${Math.round((time - now) * MINUTES_PER_DAY)} min`;
}

/** Files an hour, from what the monitor has processed between two statuses. */
class Rate {
  #before: { readonly files: number; readonly at: number } | undefined;
  #text = 'not known yet';

  next(files: number, at: number): string {
    this.#before ??= { files, at };
    const hours = (at - this.#before.at) / 3600;
    if (hours > 0)
      this.#text = `${((files - this.#before.files) / hours).toFixed(0)} files/h since this view began`;
    return this.#text;
  }
}
