import { spawnSync } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { type Check, failed, ok, warning } from './check.js';

const UNIT = 'contimg-pointing-monitor.service';
const TIMEOUT_MS = 5000;

/** What the monitor's unit allows its process, as systemd has loaded it. */
export interface Service {
  readonly user: string;
  readonly group: string;
  /** Undefined if the unit can write wherever its user can. */
  readonly writablePaths: readonly string[] | undefined;
  /** Within these it cannot write, except within writable paths further down. */
  readonly readOnlyPaths: readonly string[];
  /** Its process cannot see the directories of users. */
  readonly hidesHome: boolean;
}

/** Undefined on a host without the unit or without systemd. */
export function service(): Service | undefined {
  const { stdout } = spawnSync(
    'systemctl',
    ['show', '--property=LoadState,User,Group,ProtectSystem,ProtectHome,ReadOnlyPaths,ReadWritePaths', UNIT],
    { encoding: 'utf8', timeout: TIMEOUT_MS },
  );
  const said = new Map((stdout ?? '').split('\n').map((line) => line.split(/=(.*)/s) as [string, string]));
  if (said.get('LoadState') !== 'loaded') return undefined;
  const paths = (property: string) =>
    (said.get(property) ?? '')
      .split(' ')
      .filter(Boolean)
      .map((path) => path.replace(/^[-+]+/, ''));
  const user = said.get('User') || 'root';
  return {
    user,
    group: said.get('Group') || user,
    writablePaths: said.get('ProtectSystem') === 'strict' ? paths('ReadWritePaths') : undefined,
    readOnlyPaths: paths('ReadOnlyPaths'),
    hidesHome: !['', 'no', 'read-only'].includes(said.get('ProtectHome') ?? ''),
  };
}

/** Why the unit's process cannot see a directory that its user can; undefined if it can. */
export function whyHidden(directory: string, unit: Service | undefined): string | undefined {
  if (!unit?.hidesHome || !/^\/(home|root|run\/user)(\/|$)/.test(realpathSync(directory))) return undefined;
  return `ProtectHome= hides ${directory} from ${UNIT}: use a directory that is not below /home, /root or /run/user`;
}

/** Whether this user can find out what the service can do. */
export const canAskFor = ({ user }: Service): boolean => ['root', user].includes(userInfo().username);

/** Whom to ask instead. */
export const askAsService = ({ user }: Service): string =>
  `the service runs as ${user}, and this command as ${userInfo().username}: run "sudo -u ${user} pointing-monitor doctor"`;

/** Whether the service can access a path; any other user than root can only ask for itself. */
export function canAccess(path: string, wanted: readonly ('r' | 'w' | 'x')[], unit?: Service): boolean {
  if (unit === undefined || unit.user === 'root' || process.getuid?.() !== 0) {
    return wanted.every((flag) => mayAccess(path, constants[`${flag.toUpperCase() as 'R' | 'W' | 'X'}_OK`]));
  }
  const asService = [`--reuid=${unit.user}`, `--regid=${unit.group}`, '--init-groups', 'test'];
  return wanted.every((flag) => spawnSync('setpriv', [...asService, `-${flag}`, path]).status === 0);
}

function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** Whether the unit lets its process write into a directory, and whether this is the user to ask. */
export function checkUnit(directory: string, unit: Service): Check {
  const name = 'unit';
  const { user, writablePaths, readOnlyPaths } = unit;
  if (!canAskFor(unit)) return warning(name, askAsService(unit));
  const hidden = whyHidden(directory, unit);
  if (hidden) return failed(name, hidden);
  const writable = nearestAbove(directory, writablePaths ?? ['/']);
  if (writable === undefined) {
    return failed(
      name,
      `ReadWritePaths= of ${UNIT} does not include ${directory}: run /opt/pointing-monitor/ops/install, then restart the service`,
    );
  }
  const readOnly = nearestAbove(directory, readOnlyPaths);
  // Of a path that is both, systemd makes a read-only one.
  if (readOnly !== undefined && readOnly.length >= writable.length) {
    return failed(
      name,
      `ReadOnlyPaths= of ${UNIT} includes ${directory}, usually because it is the watched directory: move the database elsewhere, run /opt/pointing-monitor/ops/install, then restart the service`,
    );
  }
  return ok(name, `${UNIT} runs as ${user} and can write to ${directory}`);
}

/** Of these paths the longest that holds the directory, as where links lead to; undefined if none does. */
function nearestAbove(directory: string, paths: readonly string[]): string | undefined {
  const [nearest] = paths
    .map(withoutLinks)
    .filter((path) => path !== undefined && `${directory}/`.startsWith(`${path.replace(/\/$/, '')}/`))
    .sort((a = '', b = '') => b.length - a.length);
  return nearest;
}

function withoutLinks(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
