import { StoreError } from '../errors.js';
import type { JudgedStatus } from '../health/judged-status.js';
import { monotonicSeconds } from '../monotonic.js';
import type { HistoryReader } from '../store/reader.js';
import type { HistoryRow } from '../store/rows.js';
import { type MjdUtc, mjdUtc } from '../units.js';
import type { EventData } from './event-data.js';
import type { History } from './history/history.js';
import type { InstrumentSource } from './instrument-source.js';
import { type ObservationItem, observationOf } from './observation.js';
import { FIRST_MJD, LAST_MJD } from './parameters.js';
import type { StatusSource } from './status-source.js';
import { wholeRows } from './whole-rows.js';

type Health = EventData['health'];

export type Change =
  | { readonly event: 'observation'; readonly data: ObservationItem }
  | { readonly event: 'changed'; readonly data: EventData['changed'] }
  | { readonly event: 'health'; readonly data: Health };

const POLL_MS = 500;
/** A status file that is not written again grows stale all the same. */
const STATUS_REREAD_SECONDS = 5;
const MAX_ROWS_TOLD = 50;

interface FeedSources {
  readonly reader: HistoryReader;
  readonly history: Pick<History, 'look'>;
  readonly instruments: InstrumentSource;
  readonly status: StatusSource;
}

/** What was known at the last look. */
interface RowsSeen {
  readonly version: string;
  readonly newest: MjdUtc | undefined;
  readonly failures: number;
  readonly revision: number;
}

/**
 * Notices new rows and changes of health, for all listeners together: two looks a second that cost microseconds while
 * nothing changes, and none at all while nobody listens.
 */
export class ChangeFeed {
  readonly #sources: FeedSources;
  readonly #onFault: (error: unknown) => void;
  readonly #listeners = new Set<(change: Change) => void>();
  #begun: Promise<void> | undefined;
  #ending = new AbortController();
  #rows: RowsSeen | undefined;
  #statusVersion = '';
  /** Monotonic seconds. */
  #statusReadAt = Number.NEGATIVE_INFINITY;
  #health: Health | undefined;

  constructor(sources: FeedSources, onFault: (error: unknown) => void) {
    this.#sources = sources;
    this.#onFault = onFault;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Tells the listener of the health now and, once `begun` resolves, of all changes, until `leave` is called. */
  listen(listener: (change: Change) => void): { readonly begun: Promise<void>; readonly leave: () => void } {
    this.#begun ??= this.#begin();
    this.#listeners.add(listener);
    if (this.#health) listener({ event: 'health', data: this.#health });
    const leave = () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.stop();
    };
    return { begun: this.#begun, leave };
  }

  stop(): void {
    this.#begun = undefined;
    this.#ending.abort();
  }

  /** What happened while nobody listened is not reported. */
  #begin(): Promise<void> {
    this.#rows = undefined;
    this.#health = undefined;
    this.#statusReadAt = Number.NEGATIVE_INFINITY;
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    // Each at its own pace: rows are told while the file system of the status file hangs.
    void this.#repeat(() => this.#lookAtHealth(), signal);
    return this.#repeat(() => this.#lookAtRows(), signal);
  }

  /** Resolves after the first look. */
  async #repeat(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await look();
    } catch (error) {
      // The next check can succeed; until then requests report the database error.
      if (!(error instanceof StoreError)) this.#onFault(error);
    }
    setTimeout(() => signal.aborted || this.#repeat(look, signal), POLL_MS).unref();
  }

  async #lookAtRows(): Promise<void> {
    const before = this.#rows;
    const version = await this.#sources.reader.version();
    const isChanged = version !== before?.version;
    let newest = isChanged ? (await this.#sources.reader.newest())?.timestamp : before.newest;
    const failures = isChanged ? await this.#failures() : before.failures;
    const { revision, changed } = await this.#sources.history.look(before?.revision);
    // By the clock alone a row too far in the future to be true becomes plausible.
    const isByTheClock = !isChanged && revision !== before.revision;
    if (isByTheClock) newest = (await this.#sources.reader.newest())?.timestamp;
    const now = { version, newest, failures, revision };
    if (!before) {
      this.#rows = now;
      return;
    }
    const after = before.newest ?? FIRST_MJD;
    const added =
      (isChanged || isByTheClock) && newest !== undefined ? await this.#rowsBetween(after, newest) : [];
    const few = added.length <= MAX_ROWS_TOLD;
    const observations = few ? await this.#observationsOf(added) : [];
    // Not before all has been read: what could not be is looked at again.
    this.#rows = now;
    for (const data of observations) this.#tell({ event: 'observation', data });
    const other = revision !== before.revision && !(few && changed && changed.fromMjd > after);
    if (!other && few && failures === before.failures) return;
    const span = other || !few ? changed : undefined;
    this.#tell({
      event: 'changed',
      data: {
        newest_mjd: newest ?? null,
        from_mjd: other || !few ? mjdUtc(span?.fromMjd ?? FIRST_MJD) : null,
        to_mjd: other || !few ? mjdUtc(span?.toMjd ?? LAST_MJD) : null,
        failures,
      },
    });
  }

  async #failures(): Promise<number> {
    return (await this.#sources.reader.unsettledFiles()).failed;
  }

  /** Later rows than the newest known belong to the next look. */
  async #rowsBetween(after: MjdUtc, newest: MjdUtc): Promise<HistoryRow[]> {
    const rows: HistoryRow[] = [];
    for await (const row of this.#sources.reader.history(after, newest)) {
      if (row.timestamp > after) rows.push(row);
      if (rows.length > MAX_ROWS_TOLD) break;
    }
    return rows;
  }

  async #observationsOf(rows: readonly HistoryRow[]): Promise<ObservationItem[]> {
    if (rows.length === 0) return [];
    const instruments = await this.#sources.instruments.read();
    return (await wholeRows(rows, this.#sources)).map((row) => observationOf(row, instruments));
  }

  async #lookAtHealth(): Promise<void> {
    const version = await this.#sources.status.version();
    const now = monotonicSeconds();
    if (version === this.#statusVersion && now - this.#statusReadAt < STATUS_REREAD_SECONDS) return;
    this.#statusVersion = version;
    this.#statusReadAt = now;
    const health = healthOf(await this.#sources.status.read());
    const changed = this.#health === undefined || gist(health) !== gist(this.#health);
    this.#health = health;
    if (changed) this.#tell({ event: 'health', data: health });
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function healthOf(status: JudgedStatus): Health {
  const { running, healthy, issues, issue_codes } = status;
  return { running, healthy, stale: 'stale' in status && status.stale, issues, issue_codes };
}

/** Numbers in a message grow all the time; only another kind of issue is a change of health. */
const gist = ({ running, healthy, stale, issue_codes }: Health) =>
  JSON.stringify([running, healthy, stale, issue_codes]);
