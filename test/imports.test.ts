import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from './helpers/workspace.js';

interface Arrows {
  imports(): ReadonlyMap<string, readonly string[]>;
  roomOf(file: string): string;
}

/**
 * The floors of the house, from the ground up. A folder or a file of `src` imports from its own floor or from those below, never from
 * one above. On one floor only the folders named in `neighbours` know each other.
 */
const floors: readonly (readonly string[])[] = [
  ['units.ts', 'errors.ts', 'greatest.ts', 'maps.ts', 'monotonic.ts', 'version.ts', 'worker-arguments.ts'],
  ['files.ts', 'issues.ts'],
  ['native'],
  ['log', 'extract', 'store'],
  ['sky'],
  ['health'],
  ['ingest', 'doctor', 'api', 'serve'],
  ['demo', 'cli'],
  ['cli.ts', 'index.ts', 'types.ts'],
  ['web'],
];
const neighbours: Readonly<Record<string, readonly string[]>> = {
  doctor: ['ingest'],
  'index.ts': ['types.ts'],
};

const { imports, roomOf }: Arrows = await import(join(root, 'ops/arrows.mjs'));
const imported = imports();
const files = [...imported.keys()];
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

test('every folder and file of src has its floor', () => {
  assert.deepEqual(
    [...new Set(files.map(roomOf))].filter((room) => floorOf(room) < 0),
    [],
  );
});

test('imports run one way: to the same folder, or to a floor below', () => {
  const wrong = [...imported].flatMap(([file, targets]) =>
    targets
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
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) {
      cycles.push([...trail.slice(at), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const next of imported.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(cycles, []);
});

test('the page knows the public types and the units, and nothing else of the program', () => {
  const known = files.filter((file) => roomOf(file) === 'web').flatMap((file) => imported.get(file) ?? []);
  assert.deepEqual([...new Set(known.map(roomOf))].sort(), ['types.ts', 'units.ts', 'web']);
});

/** What runs by itself, and what was built for a browser. */
const ENTRIES = /^(?:cli|demo\/start)\.js$|-(?:worker|child)\.js$|^(?:bundle|web)\//;

/**
 * What a fresh process has loaded and keeps open after importing these files: beside its output, which libraries look at, and requests
 * to the file system, by which Node itself reads modules.
 */
function afterImporting(paths: readonly string[]): { readonly addons: string[]; readonly open: string[] } {
  const program = `
    const { stdout, stderr } = process;
    for (const url of ${JSON.stringify(paths.map((path) => pathToFileURL(path).href))}) await import(url);
    const open = process.getActiveResourcesInfo().filter((what) => !/^(?:FSReq|CloseReq)/.test(what));
    process.report.excludeNetwork = true;
    const addons = process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node'));
    stdout.write(JSON.stringify({ addons, open }), () => process.exit());`;
  const args = ['--input-type=module', '--eval', program];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }));
}

test('no module does work when it is imported: it loads no addon of ours and opens nothing', () => {
  const dist = join(root, 'dist');
  const modules = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js') && !ENTRIES.test(path))
    .map((path) => join(dist, path));
  const { addons, open } = afterImporting(modules);
  const late = ['pointing_monitor.node', 'better_sqlite3.node'];
  assert.deepEqual(
    addons.filter((path) => late.includes(basename(path))),
    [],
  );
  assert.deepEqual(open, afterImporting([]).open);
});
