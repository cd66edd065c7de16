/** One writer of the benchmark, in a thread of its own: records its part of the observations as a backfill does. */
import { workerData } from 'node:worker_threads';
import { inBulk } from '#src/ingest/recorder.js';
import { PostgresStore } from '#src/store/postgres/store.js';
import { observation } from './rows.js';

const { url, from, to } = workerData as { url: string; from: number; to: number };
const store = new PostgresStore(url, { host: 'bench' });
for (let start = from; start < to; start += inBulk.rowsPerTransaction) {
  const count = Math.min(inBulk.rowsPerTransaction, to - start);
  await store.record(Array.from({ length: count }, (_, i) => observation(start + i)));
}
await store.close();
