import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inBulk } from '#src/ingest/recorder.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { cliPath } from '../../helpers/cli.js';
import type { Postgres } from '../../helpers/postgres.js';
import { observation } from './rows.js';

const DATABASES = 8;
const ROWS_EACH = 100_000;

export interface MergeRates {
  readonly target: string;
  /** Rows a second of eight SQLite databases merged into an empty one, and of the same again. */
  readonly first: number;
  readonly again: number;
}

/** Of the command itself, into either backend. */
export async function mergeRates(postgres: Postgres): Promise<MergeRates[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pointing-bench-'));
  try {
    const sources = await Promise.all(
      Array.from({ length: DATABASES }, (_, i) => shard(join(directory, `node${i}.sqlite3`), i)),
    );
    const into = (target: string) => {
      const start = process.hrtime.bigint();
      execFileSync(process.execPath, [cliPath, 'merge', target, ...sources], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      return (DATABASES * ROWS_EACH) / (Number(process.hrtime.bigint() - start) / 1e9);
    };
    return [
      { target: 'SQLite', location: join(directory, 'site.sqlite3') },
      { target: 'PostgreSQL', location: await postgres.database() },
    ].map(({ target, location }) => ({ target, first: into(location), again: into(location) }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Every eighth observation, as a shard has it: each page of it belongs all over the whole. */
async function shard(path: string, index: number): Promise<string> {
  const store = new SqliteStore(path, { lockWait: 'short' });
  for (let start = 0; start < ROWS_EACH; start += inBulk.rowsPerTransaction) {
    const count = Math.min(inBulk.rowsPerTransaction, ROWS_EACH - start);
    await store.record(Array.from({ length: count }, (_, i) => observation((start + i) * DATABASES + index)));
  }
  await store.close();
  return path;
}
