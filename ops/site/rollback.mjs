/** `ops/install --rollback`: has the release before the current one install itself. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { asUser } from './host.mjs';
import { RELEASES, SETTINGS } from './places.mjs';
import { readRecord, textOf } from './record.mjs';
import { releaseInUse } from './release.mjs';
import { OWN_NODE, programFile, programOf } from './tree.mjs';

/** A database of ten years is checked in seconds; a dead mount never answers. */
const DOCTOR_MS = 300_000;

/** The root of the newest release of an earlier program than the current one; undefined if none is left. */
function earlierRelease(prefix) {
  const current = releaseInUse(prefix);
  const releases = readRecord(prefix)?.releases ?? [];
  const earlier = releases
    .slice(releases.indexOf(current) + 1)
    .filter((each) => programOf(each) !== programOf(current ?? ''))
    .map((each) => join(prefix + RELEASES, each));
  return earlier.find((root) => existsSync(root));
}

/** The settings that give a unit's command more flags. */
const COMMANDS = {
  POINTING_MONITOR_FLAGS: 'monitor',
  POINTING_API_FLAGS: 'serve',
  POINTING_BACKUP_FLAGS: 'backup',
};

/** A flag in the settings that a release does not know, so that its unit would not start; undefined if there is none. */
function unknownFlag(root, settings) {
  const completion = textOf(join(root, 'ops/completion/pointing-monitor.bash')) ?? '';
  for (const [variable, command] of Object.entries(COMMANDS)) {
    const known = new RegExp(`^  ${command},\\*\\) flags='(.*)'$`, 'm').exec(completion)?.[1].split(' ');
    const given = settings[variable]?.match(/(?<!\S)--[a-z-]+/g) ?? [];
    const unknown = given.find((flag) => known && !known.includes(flag));
    if (unknown) return `${unknown} in ${variable}`;
  }
  return undefined;
}

/** The Node that a release's own `ops/install` takes. */
const nodeOf = (root) => (existsSync(root + OWN_NODE) ? root + OWN_NODE : 'node');

/** Why a release cannot use this host's database, or why it does not say; undefined if it can. */
function whyNot(root) {
  const { stdout, stderr, status, error } = asUser(
    [nodeOf(root), join(root, programFile(root)), 'doctor', '--json'],
    parseEnv(textOf(SETTINGS) ?? ''),
    { timeout: DOCTOR_MS },
  );
  const checks = (stdout ?? '')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  // Without a file yet, only the rights to make one are checked.
  const found = ['database', 'database rights']
    .map((name) => checks.find(({ check }) => check === name))
    .find(Boolean);
  if (!found) {
    const lines = (stderr ?? '').trim().split('\n');
    // Node ends a crash with a stack and its version.
    const said = lines.find((line) => /^(pointing-monitor|\w*Error): /.test(line)) ?? lines.at(-1);
    const why = error?.message ?? (said || `exit ${status}`);
    return `the earlier release does not say whether it can use the database, because its doctor failed: ${why}. Look into that`;
  }
  if (found.state !== 'failed') return undefined;
  return `the earlier release cannot use the database: ${found.message}. Restore a backup of that time`;
}

/** Ends the process. */
export function rollBack(command, { prefix, dryRun }) {
  const root = earlierRelease(prefix);
  if (!root) command.fail('there is no earlier release to go back to');
  if (prefix === '' && process.getuid() !== 0)
    command.note('only root can ask the earlier release whether it can use the settings and the database');
  else {
    const flag = unknownFlag(root, parseEnv(textOf(prefix + SETTINGS) ?? ''));
    if (flag)
      command.fail(
        `the earlier release does not know ${flag}: remove it from ${prefix + SETTINGS} and run this again`,
      );
    const reason = prefix === '' ? whyNot(root) : undefined;
    if (reason) command.fail(`${reason}, or run ${root}/ops/install to go back all the same`);
  }
  command.say(`going back to ${root}`);
  const args = [...(prefix === '' ? [] : ['--prefix', prefix]), ...(dryRun ? ['--dry-run'] : [])];
  const { status } = spawnSync(join(root, 'ops/install'), args, { stdio: 'inherit' });
  process.exit(status ?? 1);
}
