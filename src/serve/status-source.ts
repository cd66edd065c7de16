import { StoreError } from '../errors.js';
import { type HostAndStatus, hostsOf, type SharedStatus, worstOf } from '../health/hosts.js';
import { judged } from '../health/judged-status.js';
import { readStatusFileInTime, statusFileVersion } from '../health/status-file.js';
import { monotonicSeconds } from '../monotonic.js';
import type { HistoryReader } from '../store/reader.js';

/** Where the monitors' own words come from. */
export interface StatusSource {
  /** Every monitor that is known; none that cannot be asked is left out without an issue. */
  read(): Promise<SharedStatus>;
  /** Each monitor by itself, as far as they can be read. */
  hosts(): Promise<readonly HostAndStatus[]>;
  /** Another text when `read` may give something new. Cheap enough to be asked twice a second. */
  version(): Promise<string>;
}

/** One monitor, on this machine. */
export class StatusFileSource implements StatusSource {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<SharedStatus> {
    return judged(await readStatusFileInTime(this.#path));
  }

  async hosts(): Promise<HostAndStatus[]> {
    const status = await this.read();
    return [{ host: 'error' in status ? '' : (status.host ?? ''), status }];
  }

  version(): Promise<string> {
    return statusFileVersion(this.#path);
  }
}

/** Limits how often the statuses are read from a shared database, however many clients ask. */
const FRESH_SECONDS = 2;

/** The monitors of all hosts, as they wrote into the database that they share. */
export class SharedStatusSource implements StatusSource {
  readonly #reader: HistoryReader;
  #hosts: Promise<readonly HostAndStatus[]> | undefined;
  #readAt = 0;

  constructor(reader: HistoryReader) {
    this.#reader = reader;
  }

  async read(): Promise<SharedStatus> {
    try {
      return worstOf(await this.hosts()) ?? judged({ error: 'no monitor has written a status here yet' });
    } catch (error) {
      if (error instanceof StoreError) return judged({ error: error.message });
      throw error;
    }
  }

  hosts(): Promise<readonly HostAndStatus[]> {
    const now = monotonicSeconds();
    if (!this.#hosts || now - this.#readAt > FRESH_SECONDS) {
      this.#readAt = now;
      this.#hosts = this.#readHosts();
    }
    return this.#hosts;
  }

  async version(): Promise<string> {
    return String(Math.floor(monotonicSeconds() / FRESH_SECONDS));
  }

  async #readHosts(): Promise<readonly HostAndStatus[]> {
    return hostsOf(await this.#reader.hostStatuses());
  }
}
