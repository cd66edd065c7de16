/**
 * The program of the libhdf5 child process: one path in, its outcome out, one file at a time, so that the parent knows
 * which file ends or hangs it. libhdf5 runs nowhere else.
 */
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { outcomeOf } from '../native/columns.js';
import { headers } from '../native/headers.js';
import type { Outcome } from '../native/outcome.js';
import { operatingSystem } from '../native/process.js';
import { type Hdf5Reply, MAX_EXTRA_SECONDS } from './hdf5-reply.js';

export interface Hdf5Request {
  readonly path: string;
  readonly timeoutSeconds: number;
  /** Files outside this directory, through a link, are not read. */
  readonly root?: string | undefined;
}

/** A sparse file only looks large. */
const BYTES_PER_EXTRA_SECOND = 20e6;
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
const reply = (message: Hdf5Reply) => process.stdout.write(`${JSON.stringify(message)}\n`);

operatingSystem().dieWithParent();
try {
  headers();
} catch (error) {
  // Of the installation, which is no file's fault.
  reply({ failed: (error as Error).message });
  process.exit(1);
}
operatingSystem().limitMemory(memoryBytes);
// A terminal's Ctrl-C reaches the whole process group, a scheduler's SIGTERM the whole job; the parent decides when this
// process ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
reply({ ready: operatingSystem().confine() });

// Ends when the parent closes its end: there is nothing more to read.
for await (const line of createInterface({ input: process.stdin })) {
  const { path, timeoutSeconds, root }: Hdf5Request = JSON.parse(line);
  const extraSeconds = Math.min(allocatedBytes(path) / BYTES_PER_EXTRA_SECOND, MAX_EXTRA_SECONDS);
  reply({ extraSeconds });
  const columns = headers().readPointings([path], 'libhdf5', 1, timeoutSeconds + extraSeconds, root);
  reply({ outcome: outcomeOf(path, columns, 0) as Outcome });
}
