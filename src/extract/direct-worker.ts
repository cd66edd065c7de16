import { move, transferableSymbol, valueSymbol } from 'piscina';
import { addon, type PointingColumns } from './addon.js';

/** Runs on a Piscina thread: a batch of paths in, columns out, their one buffer handed over without a copy. */
export default function readDirect(paths: string[]): PointingColumns {
  const columns = addon.readPointings(paths, 'direct');
  return move({
    [transferableSymbol]: columns.status.buffer,
    [valueSymbol]: columns,
  }) as unknown as PointingColumns;
}
