import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkDirectory } from '#src/doctor/directory.js';
import { checkMonitor } from '#src/doctor/monitor.js';
import { checkRights } from '#src/doctor/rights.js';
import { needs } from '../helpers/needs.js';
import { writeStatus } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

const NOBODY = 65534;

/** A host whose unit runs as nobody, with a database that nobody owns. systemd does not run here, so its word is written down. */
function host(t: TestContext) {
  const { path, incoming } = workspace(t);
  const state = join(path, 'state');
  mkdirSync(state);
  const database = join(state, 'products.sqlite3');
  writeFileSync(database, '');
  for (const each of [path, state, database]) chownSync(each, NOBODY, NOBODY);
  const bin = join(path, 'bin');
  mkdirSync(bin);
  const unit = [
    'LoadState=loaded',
    'User=nobody',
    'Group=nogroup',
    'ProtectSystem=strict',
    `ReadWritePaths=-${state}`,
  ];
  writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\nprintf '%s\\n' ${unit.join(' ')}\n`);
  chmodSync(join(bin, 'systemctl'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${bin}:${PATH}`;
  t.after(() => {
    process.env.PATH = PATH;
  });
  return { path, incoming, state, database };
}

const brief = (checks: readonly { state: string; message: string }[]) =>
  checks.map(({ state, message }) => `${state} ${message}`);

test(
  'files beside the database that the service cannot write are named, also to root',
  needs('root'),
  (t) => {
    const { state, database } = host(t);
    assert.deepEqual(brief(checkRights(database)), [
      `ok ${database}, its directory and the files beside it are writable`,
      `ok contimg-pointing-monitor.service runs as nobody and can write to ${state}`,
    ]);
    writeFileSync(`${database}-wal`, '');
    const [rights] = brief(checkRights(database));
    assert.match(rights as string, /^failed nobody cannot write \S+-wal: .*another user created/);
    chownSync(`${database}-wal`, NOBODY, NOBODY);
    assert.equal(checkRights(database)[0]?.state, 'ok');
  },
);

test(
  'a user who is neither root nor the service is told whom to ask, not that the service cannot',
  needs('root', 'setuid'),
  (t) => {
    const { path, database } = host(t);
    chmodSync(path, 0o755);
    process.seteuid?.('daemon');
    t.after(() => process.seteuid?.(0));
    const [asked, ...others] = checkRights(database);
    assert.equal(asked?.state, 'warning');
    assert.match(asked?.message ?? '', /runs as nobody, and this command as daemon: run "sudo -u nobody/);
    assert.deepEqual(others, []);
  },
);

test(
  'a database that moved behind a link, where the unit may not write, leads to ops/install',
  needs('root'),
  (t) => {
    const { path, database } = host(t);
    const fast = join(path, 'fast');
    mkdirSync(fast);
    chownSync(fast, NOBODY, NOBODY);
    renameSync(database, join(fast, 'products.sqlite3'));
    symlinkSync(join(fast, 'products.sqlite3'), database);
    const [rights, unit] = brief(checkRights(database));
    assert.match(rights as string, /^ok /);
    assert.match(
      unit as string,
      /^failed ReadWritePaths= .* does not include \S+\/fast: run \S+ops\/install/,
    );
  },
);

test(
  'a database in the watched directory, which the unit may only read, is a failure',
  needs('root'),
  (t) => {
    const { path, state, database } = host(t);
    const systemctl = join(path, 'bin/systemctl');
    const text = readFileSync(systemctl, 'utf8');
    const unit = (readOnly: string) => {
      writeFileSync(systemctl, text.replace('ReadWritePaths', `ReadOnlyPaths=-${readOnly} ReadWritePaths`));
      return brief(checkRights(database)).at(-1) as string;
    };
    assert.match(
      unit(state),
      /^failed ReadOnlyPaths= of \S+ includes \S+\/state, .*: move the database elsewhere/,
    );
    const link = join(path, 'link');
    symlinkSync(state, link);
    assert.match(unit(link), /^failed ReadOnlyPaths= /);
    // Below what it may only read, it may write where a longer path allows it.
    assert.match(unit(path), /^ok .* can write to /);
    assert.match(unit(`${state}-other`), /^ok .* can write to /);
  },
);

test('the watch directory is looked at as the service’s user, also by root', needs('root'), async (t) => {
  const { incoming } = host(t);
  chmodSync(incoming, 0o700);
  const [directory] = brief(await checkDirectory(incoming, '*_sb00.hdf5'));
  assert.equal(directory, `failed nobody cannot read ${incoming}: check its owner and mode`);
});

test('the issues and warnings of the running monitor are among the findings, by their severity', async (t) => {
  const { path, incoming } = workspace(t);
  const file = join(path, 'pointing-monitor-status.json');
  assert.match(brief(await checkMonitor(incoming, file)).join(), /^warning no status file at /);
  const say = async (status: object) => {
    writeStatus(file, { watch_dir: incoming, ...status } as Parameters<typeof writeStatus>[1], 0);
    return brief(await checkMonitor(incoming, file));
  };
  assert.match((await say({ pid: 7 })).join(), /^ok process 7 is healthy$/);
  const problem = {
    healthy: false,
    issues: ['the disk is full', 'the first scan is still running'],
    issue_codes: ['database_full', 'first_scan'],
    warnings: ['the clocks differ'],
    warning_codes: ['clocks_differ'],
  };
  assert.deepEqual(await say(problem), [
    'failed the disk is full',
    'warning the first scan is still running',
    'warning the clocks differ',
  ]);
  const stopped = { running: false, healthy: false, issues: ['it has stopped'], issue_codes: ['stopped'] };
  assert.deepEqual(await say(stopped), ['warning it has stopped']);
  assert.deepEqual(await say({ ...problem, watch_dir: '/elsewhere' }), []);
});

test(
  'a directory that ProtectHome= hides from the service is a failure, whatever its mode',
  needs('root'),
  async (t) => {
    const { database } = host(t);
    const hidden =
      /^failed ProtectHome= hides \/root from contimg-pointing-monitor\.service: use a directory that is not below/;
    assert.doesNotMatch(brief(checkRights(database)).join('\n'), hidden);
    const { PATH = '' } = process.env;
    const systemctl = join(PATH.split(':')[0] as string, 'systemctl');
    const text = readFileSync(systemctl, 'utf8');
    writeFileSync(
      systemctl,
      text.replaceAll('nobody', 'root').replace('ProtectSystem', 'ProtectHome=yes ProtectSystem'),
    );
    const [directory] = brief(await checkDirectory('/root', '*_sb00.hdf5'));
    assert.match(directory as string, hidden);
    assert.match(brief(checkRights('/root/products.sqlite3')).at(-1) as string, hidden);
  },
);
