import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.js';

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
