import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { finished } from '../helpers/cli.js';
import { install, ops, version } from '../helpers/installation.js';
import { waitFor } from '../helpers/wait.js';
import { root, workspace } from '../helpers/workspace.js';

const PROGRAM = 'opt/pointing-monitor';

test('three releases are kept, a refresh of the tables uses none up, and --rollback goes back one by one', (t) => {
  const { path } = workspace(t);
  const prefix = join(path, 'host');
  const first = version(path, 'first');
  const inUse = () =>
    /The (\w+) version/.exec(readFileSync(join(prefix, PROGRAM, 'CHANGELOG.md'), 'utf8'))?.[1];
  const kept = () => readdirSync(join(prefix, 'opt/pointing-monitor.releases')).length - 1;
  const rollBack = (...args: string[]) =>
    ops('install', ['--rollback', '--prefix', prefix, ...args], join(prefix, PROGRAM));
  install(prefix, [], first);
  const nowhere = rollBack();
  assert.deepEqual(
    [nowhere.code, nowhere.stderr],
    [1, 'install: there is no earlier release to go back to\n'],
  );
  const trees = ['second', 'third', 'fourth'].map((name) => version(path, name));
  // One of them has a unit that the others lack.
  const unit = 'etc/systemd/system/contimg-pointing-new.service';
  writeFileSync(join(trees[2] as string, 'ops/systemd/contimg-pointing-new.service'), '[Service]\n');
  for (const tree of trees) install(prefix, [], tree);
  assert.equal(kept(), 3);
  // The same program with other tables, twice; what may still run is kept as well.
  const refreshed = trees[2] as string;
  rmSync(join(refreshed, 'vendor'));
  cpSync(join(root, 'vendor'), join(refreshed, 'vendor'), { recursive: true });
  for (const day of ['monday', 'tuesday']) {
    appendFileSync(join(refreshed, 'vendor/iers/README.md'), day);
    install(prefix, [], refreshed);
    assert.equal(kept(), 4);
  }
  assert.ok(existsSync(join(prefix, unit)));

  assert.match(rollBack('--dry-run').stdout, /^going back to .*\nwould link /);
  assert.equal(inUse(), 'fourth');
  assert.equal(rollBack().code, 0);
  assert.equal(inUse(), 'third');
  assert.ok(!existsSync(join(prefix, unit)));
  assert.equal(rollBack().code, 0);
  assert.equal(inUse(), 'second');
  assert.match(rollBack().stderr, /there is no earlier release/);

  // Forward again by hand, or with a newer one, which takes the place of those that were rolled back.
  install(prefix, [], trees[1]);
  assert.equal(inUse(), 'third');
  install(prefix, [], version(path, 'fifth'));
  assert.equal(rollBack().code, 0);
  assert.equal(inUse(), 'third');
});

test('a release that a process still runs is kept until it ends', async (t) => {
  const { path } = workspace(t);
  const prefix = join(path, 'host');
  const releases = join(prefix, 'opt/pointing-monitor.releases');
  install(prefix, [], version(path, 'first'));
  const [running] = readdirSync(releases).filter((name) => name !== 'installed.json') as [string];
  const addon = join(prefix, PROGRAM, 'build/Release/pointing_monitor.node');
  const holder = spawn(process.execPath, ['-e', `require('${addon}'); process.stdin.resume()`], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = finished(holder);
  t.after(async () => {
    holder.kill('SIGKILL');
    await ended;
  });
  await waitFor('the loaded addon', () => readFileSync(`/proc/${holder.pid}/maps`, 'utf8').includes(running));

  for (const name of ['second', 'third', 'fourth']) install(prefix, [], version(path, name));
  assert.equal(readdirSync(releases).length - 1, 4);
  assert.ok(readdirSync(releases).includes(running));
  holder.stdin.end();
  assert.equal((await ended).code, 0);
  install(prefix, [], version(path, 'fifth'));
  assert.equal(readdirSync(releases).length - 1, 3);
});

test('--rollback names a flag in the settings that the earlier release does not know', (t) => {
  const { path } = workspace(t);
  const prefix = join(path, 'host');
  const first = version(path, 'first');
  const completion = join(first, 'ops/completion/pointing-monitor.bash');
  writeFileSync(completion, readFileSync(completion, 'utf8').replaceAll(' --max-backup-age', ''));
  install(prefix, [], first);
  install(prefix, [], version(path, 'second'));
  const settings = join(prefix, 'etc/contimg/contimg.env');
  const written = readFileSync(settings, 'utf8');
  const rollBack = () => ops('install', ['--rollback', '--prefix', prefix], join(prefix, PROGRAM));
  writeFileSync(
    settings,
    written.replace(
      /^POINTING_MONITOR_FLAGS=.*$/m,
      'POINTING_MONITOR_FLAGS=--expect-every auto --max-backup-age 172800',
    ),
  );
  const { code, stderr } = rollBack();
  assert.equal(code, 1);
  assert.match(
    stderr,
    /does not know --max-backup-age in POINTING_MONITOR_FLAGS: remove it from \S+contimg\.env/,
  );
  writeFileSync(settings, written);
  assert.equal(rollBack().code, 0);
});
