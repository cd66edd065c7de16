/** What only a host itself has, and a prefix has not: its user, its service manager, the owners of directories. */
import { spawnSync } from 'node:child_process';
import { existsSync, lchownSync } from 'node:fs';
import { USER } from './places.mjs';

export const hasSystemd = () => existsSync('/run/systemd/system');
export const isEnabled = (service) => spawnSync('systemctl', ['is-enabled', '--quiet', service]).status === 0;

/** Undefined if there is no such user. */
export function userIds() {
  const { status, stdout } = spawnSync('id', ['-u', USER], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  return { uid: Number(stdout), gid: Number(spawnSync('id', ['-g', USER], { encoding: 'utf8' }).stdout) };
}

/** As a file of sysusers.d(5) says, also on a host without systemd. */
export function makeUser(file) {
  try {
    run('systemd-sysusers', [file]);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir=/',
      '--shell=/usr/sbin/nologin',
      USER,
    ]);
  }
}

/** Not what a link there leads to. */
export function giveToUser(path) {
  const { uid, gid } = userIds();
  lchownSync(path, uid, gid);
}

/** Whether the units' user may read or write a directory: by trying as that user. */
export function userMay(what, path) {
  const flag = { read: '-r', write: '-w' }[what];
  const args = [`--reuid=${USER}`, `--regid=${USER}`, '--init-groups', 'test', flag, path];
  return spawnSync('setpriv', args).status === 0;
}

/** Runs a command to its end. Throws an Error with what it said, if it fails. */
export function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(stderr.trim() || `${command}: exit ${status}`);
}
