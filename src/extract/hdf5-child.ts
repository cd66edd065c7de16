/**
 * The program of the libhdf5 child process: one path in, its columns out, one file at a time, so that the parent knows
 * which file ends or hangs it. libhdf5 runs nowhere else.
 */
import { statSync } from 'node:fs';
import { headers, type PointingColumns } from '../native/headers.js';
import { type Confinement, operatingSystem } from '../native/process.js';

export interface Hdf5Request {
  readonly path: string;
  readonly timeoutSeconds: number;
}
/**
 * The first message says that the process is ready and what confines it. Each request is answered by how long its file is
 * allowed, then by its columns.
 */
export type Hdf5Reply =
  | { readonly ready: Confinement }
  | { readonly extraSeconds: number }
  | { readonly columns: PointingColumns };

/** A file that honestly holds much data takes longer to inflate than a small one; a sparse one only looks large. */
const BYTES_PER_EXTRA_SECOND = 20e6;
const MAX_EXTRA_SECONDS = 270;
const BYTES_PER_BLOCK = 512;

function allocatedBytes(path: string): number {
  try {
    return statSync(path).blocks * BYTES_PER_BLOCK;
  } catch {
    // The reader says what is wrong with the path.
    return 0;
  }
}

const memoryBytes = Number(process.argv[2]);
const reply = (message: Hdf5Reply) => process.send?.(message);

operatingSystem().dieWithParent();
operatingSystem().limitMemory(memoryBytes);

process.on('message', ({ path, timeoutSeconds }: Hdf5Request) => {
  const extraSeconds = Math.min(allocatedBytes(path) / BYTES_PER_EXTRA_SECOND, MAX_EXTRA_SECONDS);
  reply({ extraSeconds });
  reply({ columns: headers().readPointings([path], 'libhdf5', 1, timeoutSeconds + extraSeconds) });
});
// The parent closed the channel: there is nothing more to read.
process.on('disconnect', () => process.exit(0));
// A terminal's Ctrl-C reaches the whole process group, a scheduler's SIGTERM the whole job; the parent decides when this
// process ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
reply({ ready: operatingSystem().confine() });
