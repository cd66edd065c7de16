import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import type { PointingColumns } from '../native/headers.js';
import { type DirectReading, readDirect } from './direct-reader.js';

const reading = workerData as DirectReading;

/** Runs on a Piscina thread: a batch of paths in, columns out, their one buffer handed over without a copy. */
export default function readInWorker(paths: string[]): PointingColumns {
  const columns = readDirect(paths, reading);
  return move({
    [transferableSymbol]: columns.status.buffer,
    [valueSymbol]: columns,
  }) as unknown as PointingColumns;
}
