import { openPostgresReader } from '#src/store/postgres/database.js';
import { PostgresStore } from '#src/store/postgres/store.js';
import type { HistoryReader } from '#src/store/reader.js';
import { mjdUtc } from '#src/units.js';
import { type Postgres, queryAt } from '../../helpers/postgres.js';
import { quantile } from '../statistics.js';
import { type ApiTimes, apiTimes } from './api.js';
import { FILL, FILL_LEDGER, HOSTS, mjdOf, observation } from './rows.js';

const SIZES = [100_000, 1_000_000, 10_000_000];
const REPEATS = 7;
const SOME = 280;

export interface Growth {
  readonly rows: number;
  readonly bytesPerRow: number;
  /** Median milliseconds of each question. */
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly api: ApiTimes;
}

/** How long each question takes as the tables grow, once their pages are in memory. */
export async function growth(postgres: Postgres, progress: (text: string) => void): Promise<Growth[]> {
  const url = await postgres.database();
  const store = new PostgresStore(url, { host: 'bench' });
  const reader = openPostgresReader({ location: url, host: '', missing: 'error' });
  await store.check();
  const found: Growth[] = [];
  let rows = 0;
  for (const size of SIZES) {
    progress(`${size} rows`);
    await queryAt(url, FILL, [rows, size]);
    await queryAt(url, FILL_LEDGER, [rows, size]);
    rows = size;
    await queryAt(url, 'VACUUM ANALYZE pointing_history');
    await queryAt(url, 'VACUUM ANALYZE pointing_files');
    const [disk] = await queryAt<{ bytes: string }>(
      url,
      "SELECT pg_total_relation_size('pointing_history') + pg_total_relation_size('pointing_files') AS bytes",
    );
    found.push({
      rows,
      bytesPerRow: Number(disk?.bytes) / rows,
      milliseconds: await ask(store, reader, rows),
      api: await apiTimes(url),
    });
  }
  await store.close();
  await reader.close();
  return found;
}

async function ask(
  store: PostgresStore,
  reader: HistoryReader,
  rows: number,
): Promise<Record<string, number>> {
  const middle = mjdOf(Math.floor(rows / 2));
  const some = [middle, mjdOf(Math.floor(rows / 2) + SOME)] as const;
  const files = Array.from({ length: 2000 }, (_, i) => {
    const { path, version } = observation((i * HOSTS) % rows).outcome;
    return { path, ...(version as NonNullable<typeof version>) };
  });
  const newest = await reader.newest();
  let next = rows;
  const questions: Record<string, () => Promise<unknown>> = {
    'newest row': () => reader.newest(),
    '280 rows of history': () => drain(reader.historyJson(...some)),
    '280 observations with their files': () => drain(store.observations(...some)),
    'the last 100,000 rows as JSON': () => drain(reader.historyJson(mjdOf(rows - 100_000), mjdUtc(1e9))),
    'since when at this declination': () =>
      reader.atDeclinationSince(newest as NonNullable<typeof newest>, 0.1 as never),
    'classify of 2,000 files': () => store.classify(files),
    'counts of failed and waiting files': () => reader.unsettledByCode(),
    'the latest 100 failures': () => reader.failures(100),
    'record one file': () => store.record([observation(next++, '/data/new')]),
  };
  const milliseconds: Record<string, number> = {};
  for (const [name, question] of Object.entries(questions)) {
    await question();
    const times: number[] = [];
    for (let i = 0; i < REPEATS; i++) {
      const start = performance.now();
      await question();
      times.push(performance.now() - start);
    }
    milliseconds[name] = quantile(times, 0.5);
  }
  return milliseconds;
}

async function drain(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}
