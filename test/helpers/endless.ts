import { linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulate } from './simulator.js';

/** A file that keeps libhdf5 busy until its time or its memory is spent: its heaps' lists of free blocks have no end. */
export function writeEndless(sample: string, path: string): void {
  const file = readFileSync(sample);
  for (let heap = file.indexOf('HEAP'); heap >= 0; heap = file.indexOf('HEAP', heap + 1)) {
    const firstFree = file.readBigUInt64LE(heap + 16);
    const data = file.readBigUInt64LE(heap + 24);
    file.writeBigUInt64LE(firstFree, Number(data + firstFree));
  }
  writeFileSync(path, file);
}

/** So many of them in a directory; `scratch` is another. */
export function writeManyEndless(scratch: string, directory: string, count: number): void {
  const [sample] = simulate(scratch, ['--count', '1', '--gzip']);
  const first = join(directory, '0.hdf5');
  writeEndless(sample as string, first);
  for (let i = 1; i < count; i++) linkSync(first, join(directory, `${i}.hdf5`));
}
