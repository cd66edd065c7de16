import { dirname } from 'node:path';
import type { Issue } from '../issues.js';
import type { Logger } from '../log/logger.js';
import { UNLIMITED } from '../log/repeat-limiter.js';
import { monotonicSeconds } from '../monotonic.js';
import { unixSeconds } from '../units.js';
import { issuesOf, promiseHolds } from './issues.js';
import { writeJsonFile } from './json-file.js';
import { NO_NOTES, readNotes } from './notes.js';
import { otherWriterOf } from './other-writer.js';
import type { DatabaseProbe } from './probe.js';
import type { StatusPublisher } from './publisher.js';
import { statusOf } from './report.js';
import type { ServiceManager } from './service-manager.js';
import type { IngestSnapshot, MonitorSettings, Snapshot } from './snapshot.js';
import type { Status } from './status.js';

const WRITE_SECONDS = 30;
/** The first scan of an ordinary directory has ended by then. */
const FIRST_TICK_SECONDS = 0.5;
const TICK_SECONDS = 1;
const PROBE_SECONDS = 5;

export interface StatusWriterOptions {
  readonly path: string;
  readonly settings: MonitorSettings;
  /** Seconds between lines in the log that report health. */
  readonly logSeconds: number;
}

/** What the status is made from and goes to. */
export interface StatusWriterParts {
  readonly ingest: () => IngestSnapshot;
  readonly probe: DatabaseProbe;
  readonly publisher: StatusPublisher;
  readonly service: ServiceManager;
  readonly log: Logger;
}

/**
 * Writes the status file: every 30 s, on every change of health and after every scan. Probes the database and reads the notes
 * every few seconds, and logs health when it changes and at the chosen interval.
 */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #parts: StatusWriterParts;
  #timer: NodeJS.Timeout | undefined;
  #tick: Promise<void> = Promise.resolve();
  #writtenAt = Number.NEGATIVE_INFINITY;
  #written = '';
  #writtenReport: unknown;
  #probedAt = Number.NEGATIVE_INFINITY;
  #loggedAt = Number.NEGATIVE_INFINITY;
  #saidAliveAt = Number.NEGATIVE_INFINITY;
  #fileIssue: Issue | undefined;
  #fileOwnedBy: number | undefined;
  #notes = NO_NOTES;

  constructor(options: StatusWriterOptions, parts: StatusWriterParts) {
    this.#options = options;
    this.#parts = parts;
  }

  start(): void {
    const tick = async () => {
      this.#tick = this.#step();
      await this.#tick;
      if (this.#timer) this.#timer = setTimeout(tick, TICK_SECONDS * 1000);
    };
    this.#timer = setTimeout(tick, FIRST_TICK_SECONDS * 1000);
  }

  /** Writes the last status, which says that the monitor has stopped. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#tick;
    await this.#write(false);
    await this.#parts.publisher.close();
  }

  async #step(): Promise<void> {
    const { probe, log } = this.#parts;
    const now = monotonicSeconds();
    if (now - this.#probedAt >= PROBE_SECONDS) {
      this.#probedAt = now;
      await probe.ask();
      this.#notes = await readNotes(this.#options.path);
    }
    const snapshot = this.#snapshot();
    this.#sayAlive(snapshot);
    const issues = issuesOf(snapshot, this.#options.settings);
    // Numbers in a message grow all the time; only another kind of issue is a change of health.
    const state = [...issues.map(({ code }) => code), this.#notes.maintenance?.until].join();
    const changed = state !== this.#written;
    const { report } = snapshot.ingest;
    if (changed || report !== this.#writtenReport || now - this.#writtenAt >= WRITE_SECONDS) {
      this.#written = state;
      this.#writtenReport = report;
      this.#writtenAt = now;
      await this.#write(true);
    }
    if (changed || now - this.#loggedAt >= this.#options.logSeconds) {
      this.#loggedAt = now;
      logHealth(log, statusOf(this.#snapshot(), this.#options.settings, true));
    }
  }

  #snapshot(): Snapshot {
    const { ingest, probe } = this.#parts;
    return {
      nowUnix: unixSeconds(Date.now() / 1000),
      now: monotonicSeconds(),
      ingest: ingest(),
      database: probe.snapshot(),
      statusFile: { issue: this.#fileIssue, ownedBy: this.#fileOwnedBy },
      notes: this.#notes,
    };
  }

  /** Sent only while the promise holds: after a long silence the service manager restarts the monitor. */
  #sayAlive(snapshot: Snapshot): void {
    const { service } = this.#parts;
    const { aliveEverySeconds } = service;
    if (aliveEverySeconds === undefined || snapshot.now - this.#saidAliveAt < aliveEverySeconds) return;
    if (!promiseHolds(snapshot, this.#options.settings)) return;
    if (service.alive()) this.#saidAliveAt = snapshot.now;
  }

  async #write(running: boolean): Promise<void> {
    const { settings, path } = this.#options;
    const { publisher, service, log } = this.#parts;
    this.#fileOwnedBy = await otherWriterOf(path, settings.host);
    const status = statusOf(this.#snapshot(), settings, running);
    service.status(summaryOf(status));
    publisher.publish(status);
    if (this.#fileOwnedBy !== undefined) return;
    try {
      await writeJsonFile(path, status);
      this.#fileIssue = undefined;
    } catch (error) {
      const code = 'status_file_unwritable';
      const message = `cannot write the status file: ${(error as Error).message}: check owner, mode and free space of ${dirname(path)}`;
      if (this.#fileIssue?.message !== message) log.error({ code }, message);
      this.#fileIssue = { code, message };
    }
  }
}

function logHealth(log: Logger, { healthy, issues, warnings, maintenance }: Status): void {
  const also = {
    [UNLIMITED]: true,
    ...(warnings.length > 0 && { warnings }),
    ...(maintenance && { maintenance }),
  };
  if (!healthy) log.warn({ issues, ...also }, 'unhealthy');
  else if (warnings.length > 0) log.warn(also, 'healthy');
  else log.info(also, 'healthy');
}

/** A line for `systemctl status`. */
function summaryOf(status: Status): string {
  const { running, issues, warnings, maintenance, metrics, newest_observation: newest } = status;
  if (!running) return 'stopped';
  const files = `${metrics.files_succeeded} files stored, ${metrics.files_failed} failed since start`;
  const state = issues.length === 0 ? 'healthy' : `unhealthy: ${issues.join('; ')}`;
  const silenced = maintenance ? `; in maintenance until ${maintenance.until_iso}` : '';
  const warned = warnings.length === 0 ? '' : `; warning: ${warnings.join('; ')}`;
  return `${state}${silenced}${warned}; ${files}${newest ? `; newest ${newest.time_iso}` : ''}`;
}
