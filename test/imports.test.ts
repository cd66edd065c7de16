import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { root } from './helpers/workspace.js';

const src = join(root, 'src');

/**
 * The floors of the house, from the ground up. A folder or a file of `src` imports from its own floor or from those below, never from
 * one above. On one floor only the folders named in `neighbours` know each other.
 */
const floors: readonly (readonly string[])[] = [
  ['units.ts', 'errors.ts', 'greatest.ts', 'maps.ts', 'monotonic.ts', 'version.ts'],
  ['files.ts', 'issues.ts'],
  ['native'],
  ['log', 'extract', 'store'],
  ['sky'],
  ['health'],
  ['ingest', 'doctor', 'api', 'serve'],
  ['demo', 'cli'],
  ['cli.ts', 'index.ts', 'types.ts'],
];
const neighbours: Readonly<Record<string, readonly string[]>> = {
  doctor: ['ingest'],
  'cli.ts': [],
  'index.ts': ['types.ts'],
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('web/'))
  .sort();

/** What a file imports of `src`, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'(\.[^']+)\.js'/g)]
    .map(([, specifier]) => `${relative(src, resolve(src, dirname(file), specifier as string))}.ts`)
    .filter((target) => files.includes(target));
}

const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] as string) : file);
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

test('every folder and file of src has its floor', () => {
  assert.deepEqual(
    [...new Set(files.map(roomOf))].filter((room) => floorOf(room) < 0),
    [],
  );
});

test('imports run one way: to the same folder, or to a floor below', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => {
        const [from, to] = [roomOf(file), roomOf(target)];
        if (from === to || floorOf(to) < floorOf(from)) return false;
        return !(neighbours[from] ?? []).includes(to);
      })
      .map((target) => `${file} -> ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('no file imports itself by a detour, types included', () => {
  const imports = new Map(files.map((file) => [file, importsOf(file)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) {
      cycles.push([...trail.slice(at), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(cycles, []);
});

test('health knows nothing of the stages that it judges', () => {
  const known = files.filter((file) => roomOf(file) === 'health').flatMap(importsOf);
  assert.deepEqual(
    known.filter((target) => roomOf(target) === 'ingest'),
    [],
  );
});
