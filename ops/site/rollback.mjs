/** `ops/install --rollback`: has the release before the current one install itself. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { asUser } from './host.mjs';
import { RELEASES, SETTINGS } from './places.mjs';
import { nodePath } from './program.mjs';
import { readRecord } from './record.mjs';
import { releaseInUse } from './release.mjs';
import { programFile, programOf } from './tree.mjs';

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

/** Why a release cannot use this host's database, in its own words; undefined if it can. */
function whyUnusable(root) {
  const variables = parseEnv(readFileSync(SETTINGS, 'utf8'));
  const { stdout } = asUser([nodePath(root), join(root, programFile(root)), 'doctor', '--json'], variables);
  const checks = (stdout ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return checks.find(({ check, state }) => check === 'database' && state === 'failed')?.message;
}

/** Ends the process. */
export function rollBack(command, { prefix, dryRun }) {
  const root = earlierRelease(prefix);
  if (!root) command.fail('there is no earlier release to go back to');
  const reason = prefix === '' ? whyUnusable(root) : undefined;
  if (reason) {
    command.fail(
      `the earlier release cannot use the database: ${reason}. Restore a backup of that time, or run ${root}/ops/install to go back all the same`,
    );
  }
  command.say(`going back to ${root}`);
  const args = [...(prefix === '' ? [] : ['--prefix', prefix]), ...(dryRun ? ['--dry-run'] : [])];
  const { status } = spawnSync(join(root, 'ops/install'), args, { stdio: 'inherit' });
  process.exit(status ?? 1);
}
