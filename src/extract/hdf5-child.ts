/**
 * The program of the libhdf5 child process: one path in, its columns out, one file at a time, so that the parent knows
 * which file ends or hangs it. libhdf5 runs nowhere else.
 */
import { headers, type PointingColumns } from '../native/headers.js';
import { operatingSystem } from '../native/process.js';

export interface Hdf5Request {
  readonly path: string;
}
/** The first message says that the process is ready; each later one answers a request. */
export type Hdf5Reply = { readonly ready: true } | { readonly columns: PointingColumns };

const memoryBytes = Number(process.argv[2]);
const reply = (message: Hdf5Reply) => process.send?.(message);

operatingSystem().dieWithParent();
operatingSystem().limitMemory(memoryBytes);

process.on('message', ({ path }: Hdf5Request) =>
  reply({ columns: headers().readPointings([path], 'libhdf5', 1) }),
);
// The parent closed the channel: there is nothing more to read.
process.on('disconnect', () => process.exit(0));
// A terminal's Ctrl-C reaches the whole process group, a scheduler's SIGTERM the whole job; the parent decides when this
// process ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
reply({ ready: true });
