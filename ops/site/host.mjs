/** What a host has and a prefix does not: the user, the service manager, owners of directories. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lchownSync, readFileSync, statSync } from 'node:fs';
import { PROGRAM, SETTINGS, SETTINGS_MODE, USER } from './places.mjs';

export const hasSystemd = () => existsSync('/run/systemd/system');
export const isActive = (service) => spawnSync('systemctl', ['is-active', '--quiet', service]).status === 0;
export const isFailed = (service) => spawnSync('systemctl', ['is-failed', '--quiet', service]).status === 0;

/** Whether a service's main process is another program than the installed one. */
export function runsForeignProgram(service) {
  const { stdout } = spawnSync('systemctl', ['show', '--value', '--property=MainPID', service], {
    encoding: 'utf8',
  });
  const pid = Number(stdout);
  if (!(pid > 0)) return false;
  try {
    return !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(PROGRAM);
  } catch {
    return false;
  }
}

/** The user's, and that of the group of its name, which need not be its first one. Undefined if there is no such user. */
export function userIds() {
  const { status, stdout } = spawnSync('id', ['-u', USER], { encoding: 'utf8' });
  return status === 0 ? { uid: Number(stdout), gid: groupId() } : undefined;
}

/** The group may have come with the user, or from a directory of the whole site. Undefined if there is none. */
export function groupId() {
  const { status, stdout } = spawnSync('getent', ['group', USER], { encoding: 'utf8' });
  return status === 0 ? Number(stdout.split(':')[2]) : undefined;
}

/** Creates the user that a sysusers.d(5) file describes, also on a host without systemd. */
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

/** Does not follow a link. */
export function giveToUser(path) {
  const { uid, gid } = userIds();
  lchownSync(path, uid, gid);
}

/** Whether the settings are root's to write and the service's group's to read. */
export function settingsAreProtected() {
  const { uid, gid, mode } = statSync(SETTINGS);
  return uid === 0 && gid === userIds()?.gid && (mode & 0o777) === SETTINGS_MODE;
}

export function protectSettings() {
  chownSync(SETTINGS, 0, userIds().gid);
  chmodSync(SETTINGS, SETTINGS_MODE);
}

/** Whether the units' user can read or write a directory: tested as that user. */
export function userCan(what, path) {
  const flag = { read: '-r', write: '-w' }[what];
  return asUser(['test', flag, path]).status === 0;
}

/** Runs a command as the units' user, with these variables besides the path. */
export function asUser(command, variables = {}, options = {}) {
  const args = [`--reuid=${USER}`, `--regid=${USER}`, '--init-groups', ...command];
  const env = { PATH: process.env.PATH, HOME: '/', ...variables };
  return spawnSync('setpriv', args, { encoding: 'utf8', env, ...options });
}

/** Runs a command. Throws an Error with its error output if it fails. */
export function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(stderr.trim() || `${command}: exit ${status}`);
}
