/** Libraries of the program that do not load, as after an upgrade of the distribution or of Node. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { environment } from '../helpers/cli.js';
import { root, type Workspace, workspace } from '../helpers/workspace.js';

const ADDON = 'build/Release/pointing_monitor.node';
const SQLITE = 'node_modules/better-sqlite3';
const SQLITE_LIBRARY = `${SQLITE}/build/Release/better_sqlite3.node`;

/** Runs the command from a copy of the program whose library is a text file. */
function runWithout(library: string, { path }: Workspace, args: readonly string[]) {
  const tree = join(path, 'program');
  mkdirSync(join(tree, 'node_modules'), { recursive: true });
  cpSync(join(root, 'dist/bundle'), join(tree, 'dist/bundle'), { recursive: true });
  cpSync(join(root, ADDON), join(tree, ADDON));
  for (const name of ['package.json', 'vendor']) symlinkSync(join(root, name), join(tree, name));
  for (const name of readdirSync(join(root, 'node_modules')).filter((each) => each !== 'better-sqlite3'))
    symlinkSync(join(root, 'node_modules', name), join(tree, 'node_modules', name));
  for (const name of ['lib', 'package.json', 'build/Release/better_sqlite3.node'])
    cpSync(join(root, SQLITE, name), join(tree, SQLITE, name), { recursive: true });
  mkdirSync(dirname(join(tree, library)), { recursive: true });
  writeFileSync(join(tree, library), 'not a library');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(tree, 'dist/bundle/pointing-monitor.js'), ...args],
    { env: environment, encoding: 'utf8', timeout: 20_000 },
  );
  return { code: status, stdout, stderr };
}

const REMEDY =
  /: run "npm run setup -- --production" with this Node and ops\/install in the clone, or \.\/install of a newer release archive; then restart the services\n$/;

for (const command of ['monitor', 'backfill']) {
  test(`${command} without its addon ends with one line and exit 2`, (t) => {
    const space = workspace(t);
    const { code, stdout, stderr } = runWithout(ADDON, space, [command, space.incoming, space.productsDb]);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(stderr, /^pointing-monitor: cannot load the native addon \S+ \(.*\): run .*\n$/);
    assert.match(stderr, REMEDY);
    if (command === 'monitor') assert.deepEqual(readdirSync(space.path).sort(), ['incoming', 'program']);
  });
}

test('without its SQLite a command ends with one line that explains how to install again', (t) => {
  const space = workspace(t);
  writeFileSync(space.productsDb, '');
  const { code, stdout, stderr } = runWithout(SQLITE_LIBRARY, space, ['history', space.productsDb]);
  assert.deepEqual([code, stdout], [1, ''], stderr);
  assert.match(stderr, /^pointing-monitor: the database .* better-sqlite3 does not load in Node \d.*\n$/);
  assert.match(stderr, REMEDY);
});
