/** A backfill of older observations into the database that a server reads, without files: in a thread of its own, as it is a process of its own. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { inBulk } from '#src/ingest/recorder.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { observation } from './postgres/rows.js';

interface Writing {
  readonly productsDb: string;
  readonly seconds: number;
}

/** Gives how many rows came in. */
export async function backfillRows(productsDb: string, seconds: number): Promise<number> {
  const workerData: Writing = { productsDb, seconds };
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData });
  const [rows] = (await once(worker, 'message')) as [number];
  return rows;
}

/** Full transactions, one in each time that a backfill gathers rows for one. */
async function write({ productsDb, seconds }: Writing): Promise<number> {
  const store = new SqliteStore(productsDb, { lockWait: 'long' });
  const begun = performance.now();
  const { rowsPerTransaction, gatherSeconds } = inBulk;
  let rows = 0;
  while (performance.now() < begun + seconds * 1000) {
    const next = performance.now() + gatherSeconds * 1000;
    const first = rows;
    await store.record(Array.from({ length: rowsPerTransaction }, (_, i) => observation(first + i)));
    rows += rowsPerTransaction;
    await sleep(next - performance.now());
  }
  await store.close();
  return rows;
}

if (!isMainThread) parentPort?.postMessage(await write(workerData as Writing));
