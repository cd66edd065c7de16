/** What only some tests need: on a system without it they are skipped, by name and with the reason. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findFaketime } from './clock.js';
import { findBrowser, findPostgresProgram, findProgram } from './tools.js';
import { root as repository } from './workspace.js';

/** Why a need is not met here; undefined where it is. */
type Reason = string | undefined;

const root = (): Reason => (process.getuid?.() === 0 ? undefined : 'needs root');
/** A Node that can use io_uring does not become another user: its kernel threads would stay root's. */
const setuid = (): Reason => {
  try {
    process.setgroups?.(process.getgroups?.() ?? []);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};
/** A test that runs the program as another user: the repository may lie in a directory that is its owner's alone. */
const others = (): Reason =>
  root() ??
  (spawnSync('test', ['-r', join(repository, 'package.json')], { uid: 65534, gid: 65534 }).status === 0
    ? undefined
    : 'other users cannot enter the directory of the repository');
/** Root in a container may lack the capability. */
const mounts = (): Reason =>
  root() ??
  (spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
    ? undefined
    : 'mounting is not permitted here');
const program = (name: string) => (): Reason => (findProgram(name) ? undefined : `${name} is not installed`);
/** Of the system's own Python. */
const pythonModule = (name: string) => (): Reason =>
  spawnSync('/usr/bin/python3', [
    '-c',
    `from importlib.util import find_spec; exit(not find_spec("${name}"))`,
  ]).status === 0
    ? undefined
    : `Python’s ${name} is not installed`;

const lacks = {
  root,
  mounts,
  others,
  setuid,
  container: () => mounts() ?? program('systemd-nspawn')(),
  postgres: () =>
    ['initdb', 'postgres'].every(findPostgresProgram) ? undefined : 'a PostgreSQL server is not installed',
  browser: () => (findBrowser() ? undefined : 'Chromium is not installed'),
  bindfs: () => mounts() ?? program('bindfs')(),
  astropy: pythonModule('astropy'),
  caddy: program('caddy'),
  curl: program('curl'),
  faketime: () => (findFaketime() ? undefined : 'libfaketime is not installed'),
  h5py: pythonModule('h5py'),
  healpy: pythonModule('healpy'),
  jq: program('jq'),
  logrotate: program('logrotate'),
  matplotlib: pythonModule('matplotlib'),
  nginx: program('nginx'),
  openssl: program('openssl'),
  pandas: pythonModule('pandas'),
  pgbouncer: program('pgbouncer'),
  'pkg-config': program('pkg-config'),
  prlimit: program('prlimit'),
  promtool: program('promtool'),
  pyvo: pythonModule('pyvo'),
  readelf: program('readelf'),
  script: program('script'),
  shellcheck: program('shellcheck'),
  sqlite3: program('sqlite3'),
  stilts: program('stilts'),
  sudo: program('sudo'),
  'systemd-analyze': program('systemd-analyze'),
} satisfies Record<string, () => Reason>;

export type Need = keyof typeof lacks;

/** Options for `test`: skipped, and why, where this system lacks one of these. */
export function needs(...wanted: readonly Need[]): { readonly skip: string | false } {
  for (const need of wanted) {
    const reason = lacks[need]();
    if (reason !== undefined) return { skip: reason };
  }
  return { skip: false };
}
