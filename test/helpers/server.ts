import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { LightMyRequestResponse } from 'fastify';
import type { Status } from '#src/health/status.js';
import { createLogger } from '#src/log/logger.js';
import type { Outcome } from '#src/native/outcome.js';
import type { App } from '#src/serve/app.js';
import { createServer } from '#src/serve/server.js';
import { StatusFileSource } from '#src/serve/status-source.js';
import { openSqliteReader } from '#src/store/sqlite/database.js';
import { migrate } from '#src/store/sqlite/migrate.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { type Finished, finished, spawnCli } from './cli.js';
import type { Row } from './database.js';
import { byDsa110 } from './observations.js';
import { waitFor } from './wait.js';
import type { Owner, Workspace } from './workspace.js';

/** A server to be asked by `inject`, closed when the test ends. */
export async function serverOf(test: TestContext, { productsDb, statusFile }: Workspace): Promise<App> {
  const app = await createServer({
    productsDb,
    reader: openSqliteReader({ location: productsDb, missing: 'empty', lockWait: 'short' }),
    status: new StatusFileSource(statusFile),
    log: createLogger('ERROR'),
  });
  test.after(() => app.close());
  return app;
}

/** Where the `Link` of the answer to a URL leads to the rest of it; undefined at its end. */
export function restOf(
  url: string,
  { headers }: Pick<LightMyRequestResponse, 'headers'>,
): string | undefined {
  const [, link] = /^<(.*)>; rel="next"$/.exec(String(headers.link)) ?? [];
  if (link === undefined) return undefined;
  const { pathname, search } = new URL(link, new URL(url, 'http://any'));
  return `${pathname}${search}`;
}

/** A `serve` process, on a free port unless told which, ended when the test ends. Without a status file it asks the database. */
export class Server {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  #stdout = '';

  constructor(
    test: Owner,
    { productsDb, statusFile }: Pick<Workspace, 'productsDb'> & Partial<Workspace>,
    { port = 0, flags = [], env }: { port?: number; flags?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
  ) {
    const status = statusFile === undefined ? [] : ['--status-file', statusFile];
    this.process = spawnCli(['serve', productsDb, ...status, '--port', String(port), ...flags], env);
    this.process.stdout?.on('data', (chunk) => {
      this.#stdout += chunk;
    });
    this.finished = finished(this.process);
    test.after(async () => {
      this.process.kill('SIGKILL');
      await this.finished;
    });
  }

  /** Where it listens, with a slash at the end. */
  url(): Promise<string> {
    return waitFor('the server’s address', () => /^http\S+/.exec(this.#stdout)?.[0]);
  }
}

/** Makes a database with these history rows, as the monitor does. */
export function fillHistory(productsDb: string, rows: Iterable<Row>): void {
  const database = new Database(productsDb);
  try {
    database.pragma('journal_mode = WAL');
    migrate(database, productsDb);
    const add = database.prepare(
      'INSERT OR REPLACE INTO pointing_history VALUES (@timestamp, @ra_deg, @dec_deg)',
    );
    database.transaction(() => {
      for (const row of rows) add.run(row);
    })();
  } finally {
    database.close();
  }
}

const INSTRUMENT = `
  INSERT INTO pointing_instruments SELECT 1, @name, @latitudeDeg, @longitudeDeg, @altitudeM, @dishM,
    min(timestamp), max(timestamp), @durationSeconds, (@minFrequencyHz + @maxFrequencyHz) / 2 FROM pointing_history`;
const FILES = `
  INSERT INTO pointing_files (path, size, mtime_us, ctime_us, state, kind, attempts, timestamp, ra_deg, dec_deg, ra_icrs_deg, dec_icrs_deg,
    ha_deg, duration_s, min_frequency_hz, max_frequency_hz, quality, instrument_id, recorded_at)
  SELECT strftime('/data/incoming/%Y-%m-%dT%H:%M:%S_sb00.hdf5', timestamp + 2400000.5), 145000000, CAST(unix * 1e6 AS INTEGER),
    CAST(unix * 1e6 AS INTEGER), 'stored', 'hadec', 1, timestamp, ra_deg, dec_deg, ra_deg, dec_deg,
    0, @durationSeconds, @minFrequencyHz, @maxFrequencyHz, '', 1, unix
  FROM (SELECT *, (timestamp - 40587) * 86400 AS unix FROM pointing_history)`;

/**
 * Adds a file of the DSA-110 to the ledger for each history row, as the monitor records it; rows must be a second or more apart. ICRS
 * positions are the apparent ones, so this is for measuring time, not positions.
 */
export function fillLedger(productsDb: string): void {
  const { instrument, durationSeconds, minFrequencyHz, maxFrequencyHz } = byDsa110;
  const { name, site, dishM } = instrument;
  const values = { durationSeconds, minFrequencyHz, maxFrequencyHz };
  const database = new Database(productsDb);
  try {
    database.transaction(() => {
      database.prepare(INSTRUMENT).run({ ...values, name, dishM, ...site });
      database.prepare(FILES).run(values);
    })();
  } finally {
    database.close();
  }
}

/** What a well monitor, unless told otherwise, reported so long ago. */
export async function recordFiles(
  productsDb: string,
  outcomes: readonly Outcome[],
  unread: 'failed' | 'waiting' = 'failed',
): Promise<void> {
  const store = new SqliteStore(productsDb, { lockWait: 'short' });
  try {
    for (const outcome of outcomes) {
      await store.record([{ outcome, state: outcome.error ? unread : 'stored', attempts: 1 }]);
      // The time of the record tells which was the latest.
      const recorded = Date.now();
      while (Date.now() === recorded) await setImmediate();
    }
  } finally {
    await store.close();
  }
}

/** The time, as MJD UTC. */
export const now = () => Date.now() / 86_400_000 + 40_587;

/** Rows one observation apart, at one declination, on the meridian of a made-up sidereal clock. */
export function rowsFrom(mjd: number, count: number, decDeg: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    timestamp: mjd + (i * 309) / 86400,
    ra_deg: (i * 1.2915) % 360,
    dec_deg: decDeg,
  }));
}

/** What a monitor that is well, unless told otherwise, reports, this old. */
export const statusText = (status: Partial<Status>, ageSeconds = 0): string =>
  JSON.stringify({
    running: true,
    healthy: true,
    issues: [],
    timestamp: Date.now() / 1000 - ageSeconds,
    ...status,
  });

/** Writes a status file as a monitor does, this old. */
export const writeStatus = (path: string, status: Partial<Status>, ageSeconds = 0) =>
  writeFileSync(path, statusText(status, ageSeconds));
