import { monotonicSeconds, timerMs } from '../../monotonic.js';
import type { Trial } from './verdict.js';

/** What first reported a file: the operating system's event, or a scan of the directory. */
export type Source = 'event' | 'scan';

export interface QueuedFile extends Trial {
  readonly path: string;
  readonly source: Source;
}

export interface ReadQueueOptions {
  /** Files reported by events that can wait at once. More are left to the next scan. */
  readonly eventCapacity: number;
  /** Files reported by a scan that can be ready at once; the scan waits for room. */
  readonly scanCapacity: number;
  /** Monotonic seconds. */
  readonly now?: () => number;
}

/** A file that is being written gets an event for each write; this is the minimum time between two looks at it. */
const UPDATE_QUIET_SECONDS = 0.2;

interface Entry {
  readonly path: string;
  readonly source: Source;
  attempts: number;
  firstTriedAt: number;
  /** When it is to be tried; undefined while it is being tried. */
  dueAt: number | undefined;
  /** It changed while it was being tried. */
  changed: boolean;
}

/**
 * The files to read, each once however often it is reported: which are ready, and which are retried and when. Events go before
 * scans. Everything here is in memory; after a crash the scan finds it all again.
 */
export class ReadQueue {
  /** Files that events reported when there was no room. A scan will find them. */
  overflowed = 0;
  readonly #options: ReadQueueOptions;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #ready: Record<Source, Set<Entry>> = { event: new Set(), scan: new Set() };
  readonly #later = new Set<Entry>();
  readonly #onReady: () => void;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #roomWaiters: (() => void)[] = [];

  constructor(options: ReadQueueOptions, onReady: () => void) {
    this.#options = options;
    this.#now = options.now ?? monotonicSeconds;
    this.#onReady = onReady;
  }

  /** Files that are ready, being read, or waiting to be retried. */
  get size(): number {
    return this.#entries.size;
  }

  get waiting(): number {
    return this.#later.size;
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  /**
   * A file appeared (`created`) or changed in place; or one that has failed, and did not change, gets another try. False if there was
   * no room for it.
   */
  offer(
    path: string,
    source: Source,
    change: 'created' | 'updated' = 'created',
    { hasFailed = false } = {},
  ): boolean {
    const entry = this.#entries.get(path);
    if (entry) {
      if (source === 'event') this.#touch(entry, change);
      return true;
    }
    if (source === 'event' && this.#entries.size >= this.#options.eventCapacity) {
      this.overflowed++;
      return false;
    }
    const now = this.#now();
    // Of one that has failed nobody waits any more for what may pass.
    const firstTriedAt = hasFailed ? Number.NEGATIVE_INFINITY : now;
    const fresh: Entry = { path, source, attempts: 0, firstTriedAt, dueAt: now, changed: false };
    this.#entries.set(path, fresh);
    if (change === 'created') this.#makeReady(fresh);
    else this.#schedule(fresh, UPDATE_QUIET_SECONDS);
    return true;
  }

  /** Resolves once a scan may offer more. */
  async roomForScan(): Promise<void> {
    while (this.#ready.scan.size >= this.#options.scanCapacity) {
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    }
  }

  /** At most `limit` files to try now. Each must come back by `done` or `retry`. */
  take(limit: number): QueuedFile[] {
    const taken: QueuedFile[] = [];
    for (const lane of [this.#ready.event, this.#ready.scan]) {
      for (const entry of lane) {
        if (taken.length >= limit) break;
        lane.delete(entry);
        entry.dueAt = undefined;
        entry.changed = false;
        entry.attempts++;
        const { path, source, attempts, firstTriedAt } = entry;
        taken.push({ path, source, attempts, firstTriedAt });
      }
    }
    if (this.#ready.scan.size < this.#options.scanCapacity) this.#letScanGoOn();
    return taken;
  }

  /** The file is done, unless it changed in the meantime: then it starts over. */
  done(path: string): void {
    const entry = this.#entries.get(path);
    if (!entry) return;
    if (entry.changed) {
      entry.attempts = 0;
      entry.firstTriedAt = this.#now();
      this.#schedule(entry, UPDATE_QUIET_SECONDS);
    } else this.#entries.delete(path);
  }

  retry(path: string, inSeconds: number): void {
    const entry = this.#entries.get(path);
    if (entry) this.#schedule(entry, entry.changed ? UPDATE_QUIET_SECONDS : inSeconds);
  }

  /** Those of these files that wait to be retried are ready now. */
  hasten(paths: Iterable<string>): void {
    for (const path of [...paths]) {
      const entry = this.#entries.get(path);
      if (entry && this.#later.has(entry)) this.#makeReady(entry);
    }
  }

  /** Takes no more files and forgets those that wait; a later start finds them again. */
  close(): void {
    clearTimeout(this.#timer);
    this.#ready.event.clear();
    this.#ready.scan.clear();
    this.#later.clear();
    this.#letScanGoOn();
  }

  #letScanGoOn(): void {
    for (const resume of this.#roomWaiters.splice(0)) resume();
  }

  #touch(entry: Entry, change: 'created' | 'updated'): void {
    if (entry.dueAt === undefined) {
      entry.changed = true;
      return;
    }
    if (!this.#later.has(entry)) return;
    if (change === 'created') this.#makeReady(entry);
    else if (entry.dueAt > this.#now() + UPDATE_QUIET_SECONDS) this.#schedule(entry, UPDATE_QUIET_SECONDS);
  }

  #makeReady(entry: Entry): void {
    this.#later.delete(entry);
    entry.dueAt = this.#now();
    this.#ready[entry.source].add(entry);
    this.#onReady();
  }

  #schedule(entry: Entry, inSeconds: number): void {
    entry.dueAt = this.#now() + inSeconds;
    this.#later.add(entry);
    if (entry.dueAt >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = entry.dueAt;
    this.#timer = setTimeout(() => this.#due(), timerMs(inSeconds));
  }

  #due(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = this.#now();
    let next: Entry | undefined;
    for (const entry of this.#later) {
      const dueAt = entry.dueAt as number;
      if (dueAt <= now + 0.001) this.#makeReady(entry);
      else if (!next || dueAt < (next.dueAt as number)) next = entry;
    }
    if (next) this.#schedule(next, (next.dueAt as number) - now);
  }
}
