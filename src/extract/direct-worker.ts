import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { headers, type PointingColumns } from '../native/headers.js';

export interface DirectWorkerData {
  /** Files that this one thread's native readers read at once. */
  readonly filesAtOnce: number;
  readonly secondsPerFile: number;
  readonly root: string | undefined;
}

const { filesAtOnce, secondsPerFile, root } = workerData as DirectWorkerData;

/** Runs on a Piscina thread: a batch of paths in, columns out, their one buffer handed over without a copy. */
export default function readDirect(paths: string[]): PointingColumns {
  const columns = headers().readPointings(paths, 'direct', filesAtOnce, secondsPerFile, root);
  return move({
    [transferableSymbol]: columns.status.buffer,
    [valueSymbol]: columns,
  }) as unknown as PointingColumns;
}
