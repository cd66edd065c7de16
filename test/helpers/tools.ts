import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './workspace.js';

/** Where programs are that a user's PATH may leave out; set-up unpacks its own into build/tools. */
const DIRECTORIES = [
  join(root, 'build/tools'),
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
];

const isProgram = (path: string) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The path of the first of these programs that this system has. */
export function findProgram(...names: readonly string[]): string | undefined {
  return names.flatMap((name) => DIRECTORIES.map((directory) => join(directory, name))).find(isProgram);
}

/** Debian and Fedora keep a PostgreSQL server's programs out of PATH, by version: the newest is taken. */
export function findPostgresProgram(name: string): string | undefined {
  const versioned = listOf('/usr/lib/postgresql')
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join('/usr/lib/postgresql', version, 'bin', name));
  const packaged = listOf('/usr').filter((entry) => /^pgsql-\d+$/.test(entry));
  return (
    [...versioned, ...packaged.map((entry) => join('/usr', entry, 'bin', name))].find(isProgram) ??
    findProgram(name)
  );
}

export const findBrowser = () => findProgram('chromium', 'chromium-browser', 'google-chrome');

function listOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
