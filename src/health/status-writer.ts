import type { Logger } from '../log/logger.js';
import type { Health } from './health.js';
import { otherWriterOf } from './other-writer.js';
import type { StatusPublisher } from './publisher.js';
import type { ServiceManager } from './service-manager.js';
import type { Status } from './status.js';
import { writeStatusFile } from './status-file.js';

const WRITE_SECONDS = 30;
const TICK_SECONDS = 0.5;
const PROBE_SECONDS = 5;

/**
 * Keeps the status file: every 30 s, on every change of health and after every reconciliation. Looks at the database every few seconds, and logs the
 * state of health at the interval the user chose and whenever it changes.
 */
export class StatusWriter {
  readonly #health: Health;
  readonly #path: string;
  readonly #publisher: StatusPublisher;
  readonly #service: ServiceManager;
  readonly #logSeconds: number;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #tick: Promise<void> = Promise.resolve();
  #writtenAt = Number.NEGATIVE_INFINITY;
  #writtenCodes = '';
  #writtenReport: unknown;
  #probedAt = Number.NEGATIVE_INFINITY;
  #loggedAt = Number.NEGATIVE_INFINITY;
  #saidAliveAt = Number.NEGATIVE_INFINITY;

  constructor(
    health: Health,
    path: string,
    publisher: StatusPublisher,
    service: ServiceManager,
    healthCheckIntervalSeconds: number,
    log: Logger,
  ) {
    this.#health = health;
    this.#path = path;
    this.#publisher = publisher;
    this.#service = service;
    this.#logSeconds = healthCheckIntervalSeconds;
    this.#log = log;
  }

  start(): void {
    const tick = async () => {
      this.#tick = this.#step();
      await this.#tick;
      if (this.#timer) this.#timer = setTimeout(tick, TICK_SECONDS * 1000);
    };
    // Not at once: the first scan of an ordinary directory has ended by then.
    this.#timer = setTimeout(tick, TICK_SECONDS * 1000);
  }

  /** Writes the last status, which says that the monitor has stopped. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#tick;
    await this.#write(false);
    await this.#publisher.close();
  }

  async #step(): Promise<void> {
    const now = Date.now() / 1000;
    // Intervals by a clock that nobody sets.
    const ticks = performance.now() / 1000;
    if (ticks - this.#probedAt >= PROBE_SECONDS) {
      this.#probedAt = ticks;
      await this.#health.probe();
    }
    this.#sayAlive(now, ticks);
    const issues = this.#health.issues(now);
    // Numbers in a message grow all the time; only another kind of issue is a change of health.
    const codes = issues.map(({ code }) => code).join();
    const changed = codes !== this.#writtenCodes;
    const report = this.#health.lastReport;
    if (changed || report !== this.#writtenReport || ticks - this.#writtenAt >= WRITE_SECONDS) {
      this.#writtenCodes = codes;
      this.#writtenReport = report;
      this.#writtenAt = ticks;
      await this.#write(true);
    }
    if (changed || ticks - this.#loggedAt >= this.#logSeconds) {
      this.#loggedAt = ticks;
      if (issues.length === 0) this.#log.info('healthy');
      else this.#log.warn({ issues: issues.map(({ message }) => message) }, 'unhealthy');
    }
  }

  /** Said only while the promise holds: a service manager that hears nothing for long starts the monitor anew. */
  #sayAlive(now: number, ticks: number): void {
    const { aliveEverySeconds } = this.#service;
    if (aliveEverySeconds === undefined || ticks - this.#saidAliveAt < aliveEverySeconds) return;
    if (!this.#health.promiseHolds(now)) return;
    this.#saidAliveAt = ticks;
    this.#service.alive();
  }

  async #write(running: boolean): Promise<void> {
    const other = await otherWriterOf(this.#path, this.#health.host);
    this.#health.statusFileKeptBy = other;
    const status = this.#health.status(Date.now() / 1000, running);
    this.#service.status(summaryOf(status));
    if (other !== undefined) return;
    this.#publisher.publish(status);
    try {
      await writeStatusFile(this.#path, status);
      this.#health.statusFileTrouble = undefined;
    } catch (error) {
      const code = 'status_file_unwritable';
      const message = `the status file cannot be written: ${(error as Error).message}`;
      if (this.#health.statusFileTrouble?.message !== message) this.#log.error({ code }, message);
      this.#health.statusFileTrouble = { code, message };
    }
  }
}

/** A line for `systemctl status`. */
function summaryOf({ running, issues, metrics, newest_observation: newest }: Status): string {
  if (!running) return 'stopped';
  const files = `${metrics.files_succeeded} files read, ${metrics.files_failed} failed`;
  const state = issues.length === 0 ? 'healthy' : `unhealthy: ${issues.join('; ')}`;
  return `${state}; ${files}${newest ? `; newest ${newest.time_iso}` : ''}`;
}
