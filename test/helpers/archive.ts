import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inShard } from '#src/ingest/shard.js';
import { cli } from './cli.js';
import { historyRows, query, type Row } from './database.js';
import { queryAt } from './postgres.js';
import { simulate } from './simulator.js';

const DIRECTORIES = 4;
const START = Date.parse('2025-10-01T00:00:00Z');
const START_MJD_UTC = 60949;
const INTERVAL_SECONDS = 309;
/** Each directory begins with the first. */
const DECLINATIONS = [
  { decDeg: 54.57, count: 100 },
  { decDeg: 16.24, count: 50 },
] as const;
const DAY_SECONDS = 86400;

const LEDGER = `SELECT path, size, mtime_us, ctime_us, state, kind, error_code, attempts, timestamp, ra_icrs_deg, dec_icrs_deg,
  ha_deg FROM pointing_files`;

/** How many files of each share are in the ledger of a PostgreSQL database. */
export async function doneOf(shares: readonly (readonly string[])[], productsDb: string): Promise<number[]> {
  const rows = await queryAt<{ path: string }>(
    productsDb,
    "SELECT path FROM pointing_files WHERE state = 'stored'",
  );
  const done = new Set(rows.map(({ path }) => path));
  return shares.map((share) => share.filter((path) => done.has(path)).length);
}

/** Past observations on disk, and what they must become in a database. */
export class Archive {
  readonly directory: string;
  readonly files: readonly string[];
  readonly #rows: readonly Row[];
  readonly #ledger: readonly object[];

  private constructor(directory: string, files: readonly string[], truthDb: string) {
    this.directory = directory;
    this.files = files;
    this.#rows = historyRows(truthDb);
    this.#ledger = query<object>(truthDb, `${LEDGER} ORDER BY path`);
  }

  /** Simulates so many observations (a multiple of four) and has libhdf5 read them: one process, one SQLite file, no shards. */
  static async make(parent: string, count: number): Promise<Archive> {
    const directory = join(parent, 'archive');
    const each = count / DIRECTORIES;
    const steps = DECLINATIONS.map(({ decDeg, count: times }) => `${decDeg}:${times}`).join(',');
    const files = Array.from({ length: DIRECTORIES }, (_, i) => {
      const start = new Date(START + i * each * INTERVAL_SECONDS * 1000).toISOString().slice(0, 19);
      return simulate(join(directory, `part-${i}`), [
        '--count',
        String(each),
        '--start',
        start,
        '--interval',
        String(INTERVAL_SECONDS),
        '--dec-steps',
        steps,
      ]);
    }).flat();
    const truthDb = join(parent, 'truth.sqlite3');
    const { code, stderr } = await cli(['backfill', directory, truthDb, '--reader', 'libhdf5']);
    assert.equal(code, 0, stderr);
    const archive = new Archive(directory, files, truthDb);
    archive.#followsSchedule(each);
    return archive;
  }

  /** The files of each shard. */
  shares(count: number): string[][] {
    return Array.from({ length: count }, (_, i) =>
      this.files.filter((path) => inShard(path, { index: i + 1, count, source: 'test' })),
    );
  }

  /** Exactly the right rows are in a PostgreSQL database, in both tables, and no others. */
  async assertIn(productsDb: string): Promise<void> {
    const rows = await queryAt<Row>(
      productsDb,
      'SELECT timestamp, ra_deg, dec_deg FROM pointing_history ORDER BY timestamp',
    );
    assert.equal(rows.length, this.files.length);
    assert.deepEqual(rows, this.#rows);
    const ledger = await queryAt<Record<string, unknown>>(productsDb, `${LEDGER} ORDER BY path COLLATE "C"`);
    // The library gives 64-bit integers as text.
    const numbers = ledger.map((row) => ({
      ...row,
      size: Number(row.size),
      mtime_us: Number(row.mtime_us),
      ctime_us: Number(row.ctime_us),
    }));
    assert.equal(numbers.length, this.files.length);
    assert.deepEqual(numbers, this.#ledger);
  }

  /** The truth itself, by the simulator's schedule: one row per interval, each at its declination. */
  #followsSchedule(perDirectory: number): void {
    assert.equal(this.#rows.length, this.files.length);
    const cycle = DECLINATIONS.flatMap(({ decDeg, count }) => new Array<number>(count).fill(decDeg));
    const secondsAt = (i: number) => ((this.#rows[i] as Row).timestamp - START_MJD_UTC) * DAY_SECONDS;
    const middle = secondsAt(0);
    assert.ok(middle > 0 && middle < INTERVAL_SECONDS, String(middle));
    for (const [i, { dec_deg }] of this.#rows.entries()) {
      assert.ok(Math.abs(secondsAt(i) - middle - i * INTERVAL_SECONDS) < 1e-3, `time of ${i}`);
      const expected = cycle[(i % perDirectory) % cycle.length] as number;
      assert.ok(Math.abs(dec_deg - expected) < 1e-9, `declination of ${i}`);
    }
  }
}
