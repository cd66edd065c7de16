import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixture, root } from './workspace.js';

/** The rows of a table in test/golden, each value under its column's name. Lines that begin with # are its head. */
export function goldenTable(name: string): Record<string, string>[] {
  const lines = readFileSync(join(root, 'test', 'golden', name), 'utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  const [columns = [], ...rows] = lines.map((line) => line.split('\t'));
  if (rows.length === 0) throw new Error(`test/golden/${name} is empty`);
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [columns[i] as string, cell])));
}

/** What h5py and astropy give for a sample file; see test/golden/README.md. */
export interface GoldenFile {
  readonly path: string;
  readonly mjd: number;
  readonly lst_deg: number;
  readonly ha_deg: number;
  readonly ra_deg: number;
  readonly dec_deg: number;
  readonly ra_icrs_deg: number;
  readonly dec_icrs_deg: number;
  readonly kind: string;
}

/** All sample files, by the paths at which they lie. */
export function goldenFiles(): GoldenFile[] {
  return readFileSync(join(root, 'test', 'golden', 'golden.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as GoldenFile)
    .map((file) => ({
      ...file,
      path: fixture(`${file.path.endsWith('.hdf5') ? 'dsa110' : 'uvh5'}/${file.path}`),
    }));
}
