import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const BUILT = 'dist-test';
/** A test that imports one of these, itself or by another helper, starts other processes than its own. */
const NOT_UNIT = [
  'browser',
  'cli',
  'consumer',
  'fresh-host',
  'installation',
  'monitor',
  'mount',
  'notify-socket',
  'postgres',
  'server',
  'site',
  'votlint',
].map((name) => join(BUILT, 'helpers', `${name}.js`));

/**
 * By name, not by folder: those of one folder tend to need the same, the processor or a wait. The last by name first, since they happen to
 * be the ones that wait longest.
 */
export function testFiles() {
  return readdirSync(BUILT, { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(BUILT, name))
    .sort((a, b) => basename(b).localeCompare(basename(a)));
}

export function isUnit(path) {
  const reached = new Set();
  reach(path, reached);
  return NOT_UNIT.every((helper) => !reached.has(helper));
}

function reach(path, reached) {
  // A test may hold a program's text, whose imports are not its own.
  if (reached.has(path) || !existsSync(path)) return;
  reached.add(path);
  for (const [, specifier] of readFileSync(path, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
    reach(join(dirname(path), specifier), reached);
  }
}
