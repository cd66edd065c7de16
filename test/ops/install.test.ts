import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { finished } from '../helpers/cli.js';
import { install, ops, snapshot, version } from '../helpers/installation.js';
import { needs } from '../helpers/needs.js';
import { waitFor } from '../helpers/wait.js';
import { root, workspace } from '../helpers/workspace.js';

const SETTINGS = 'etc/contimg/contimg.env';
const MONITOR_UNIT = 'etc/systemd/system/contimg-pointing-monitor.service';
const PROGRAM = 'opt/pointing-monitor';

function site(t: TestContext) {
  const { path } = workspace(t);
  return { path, prefix: join(path, 'host'), first: version(path, 'first') };
}

test('a dry run says what would be done and does nothing', (t) => {
  const { prefix, first } = site(t);
  const said = install(prefix, ['--dry-run'], first);
  assert.match(
    said,
    /^would copy \d+ files to .*\/opt\/pointing-monitor\.releases\/0\.1\.0-[0-9a-f]{12}-[0-9a-f]{6}$/m,
  );
  assert.match(said, /^would write .*\/etc\/contimg\/contimg\.env$/m);
  assert.ok(!existsSync(prefix));
});

test('installed twice it is the same; the tree has what the program needs, and nothing for development', (t) => {
  const { path } = workspace(t);
  const prefix = join(path, 'host');
  install(prefix);
  const once = snapshot(prefix);
  assert.equal(install(prefix), 'nothing to do: already installed\n');
  const { code, stdout } = ops('uninstall', ['--prefix', prefix, '--dry-run', '--purge']);
  assert.equal(code, 0);
  assert.match(stdout, /^would remove .*\/opt\/pointing-monitor$/m);
  assert.deepEqual(snapshot(prefix), once);

  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean; peer?: boolean }>;
  };
  const tree = join(prefix, PROGRAM);
  const installed = readdirSync(join(tree, 'node_modules'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('package.json'))
    .map((name) => join('node_modules', name, '..'));
  const development = installed.filter((folder) => packages[folder]?.dev);
  assert.deepEqual(development, []);
  for (const [folder, { dev, optional, devOptional, peer }] of Object.entries(packages)) {
    const needed = folder !== '' && !dev && !optional && !devOptional && !peer;
    if (needed) assert.ok(existsSync(join(tree, folder, 'package.json')), folder);
  }
  for (const name of ['dist/demo', 'src', 'test', 'node_modules/.bin', 'node_modules/better-sqlite3/deps']) {
    assert.ok(!existsSync(join(tree, name)), name);
  }
});

test('what npm installed for other systems is left out, and need not load on this one', (t) => {
  const { path } = workspace(t);
  const tree = version(path, 'several-libraries');
  rmSync(join(tree, 'node_modules'));
  const [foreign, own] = ['musl', 'glibc'].map((libc) => {
    const folder = `node_modules/library-${libc}`;
    mkdirSync(join(tree, folder), { recursive: true });
    writeFileSync(join(tree, folder, 'package.json'), JSON.stringify({ os: ['linux'], libc: [libc] }));
    writeFileSync(join(tree, folder, 'library.js'), '');
    return folder;
  }) as [string, string];
  writeFileSync(join(tree, foreign, 'library.node'), 'for another C library');
  const packages = { [foreign]: { optional: true }, [own]: { optional: true } };
  writeFileSync(join(tree, 'package-lock.json'), JSON.stringify({ packages }));
  const prefix = join(path, 'host');
  install(prefix, [], tree);
  assert.ok(existsSync(join(prefix, PROGRAM, own, 'library.js')));
  assert.ok(!existsSync(join(prefix, PROGRAM, foreign)));
});

test('a program for a later C library is refused in words', (t) => {
  const { prefix, first } = site(t);
  const addon = 'build/Release/pointing_monitor.node';
  rmSync(join(first, 'build'));
  mkdirSync(join(first, 'build/Release'), { recursive: true });
  const built = readFileSync(join(root, addon), 'latin1');
  writeFileSync(join(first, addon), built.replaceAll(/GLIBC_2\.\d\d/g, 'GLIBC_9.99'), 'latin1');
  const { code, stderr } = ops('install', ['--prefix', prefix], first);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^install: build\/Release\/pointing_monitor\.node was built for a later glibc than the 2\.\d+ of this system: build from a clone/,
  );
});

test('edited settings stand; what a new version has to say lies beside them, once', (t) => {
  const { path, prefix, first } = site(t);
  install(prefix, [], first);
  const settings = join(prefix, SETTINGS);
  appendFileSync(settings, 'PIPELINE_HOST=h20\n');
  const edited = readFileSync(settings, 'utf8');
  assert.equal(install(prefix, [], first), 'nothing to do: already installed\n');

  const next = version(path, 'next');
  appendFileSync(join(next, 'ops/contimg.env'), '# A new setting.\n');
  install(prefix, [], next);
  assert.equal(readFileSync(settings, 'utf8'), edited);
  assert.match(readFileSync(`${settings}.new`, 'utf8'), /^# A new setting\.$/m);
  rmSync(`${settings}.new`);
  assert.equal(install(prefix, [], next), 'nothing to do: already installed\n');
});

test('settings that nobody edited, and units, follow the version', (t) => {
  const { path, prefix, first } = site(t);
  install(prefix, ['--state-dir', '/srv/state'], first);
  const next = version(path, 'next');
  appendFileSync(join(next, 'ops/contimg.env'), '# A new setting.\n');
  appendFileSync(join(next, 'ops/systemd/contimg-pointing-monitor.service'), '# A new unit.\n');
  install(prefix, [], next);
  assert.match(
    readFileSync(join(prefix, SETTINGS), 'utf8'),
    /^PIPELINE_STATE_DIR=\/srv\/state$.*new setting/ms,
  );
  assert.match(readFileSync(join(prefix, MONITOR_UNIT), 'utf8'), /new unit/);
  assert.ok(!existsSync(join(prefix, `${MONITOR_UNIT}.bak`)));
  assert.match(readFileSync(join(prefix, PROGRAM, 'CHANGELOG.md'), 'utf8'), /The next version/);
  assert.equal(readdirSync(join(prefix, 'opt/pointing-monitor.releases')).length, 3);
});

test('the unit of the service that is replaced is kept; units may write where the settings say', (t) => {
  const { prefix, first } = site(t);
  mkdirSync(join(prefix, 'etc/systemd/system'), { recursive: true });
  writeFileSync(join(prefix, MONITOR_UNIT), '[Service]\nExecStart=/opt/miniforge/envs/casa6/bin/python\n');
  install(prefix, ['--input-dir', '/srv/in/', '--state-dir', '/srv/state'], first);
  const unit = () => readFileSync(join(prefix, MONITOR_UNIT), 'utf8');
  assert.match(readFileSync(join(prefix, `${MONITOR_UNIT}.bak`), 'utf8'), /casa6/);
  assert.doesNotMatch(unit(), /casa6/);
  assert.deepEqual(unit().match(/^Read\w+Paths=.*$/gm), [
    'ReadOnlyPaths=-/srv/in',
    'ReadWritePaths=-/srv/state',
  ]);
  assert.match(
    readFileSync(join(prefix, 'etc/logrotate.d/pointing-monitor'), 'utf8'),
    /^\/srv\/state\/logs\//m,
  );

  const settings = join(prefix, SETTINGS);
  const text = readFileSync(settings, 'utf8');
  assert.match(text, /^PIPELINE_PRODUCTS_DB=\/srv\/state\/products\.sqlite3$/m);
  writeFileSync(
    settings,
    text.replace(/^PIPELINE_PRODUCTS_DB=.*$/m, 'PIPELINE_PRODUCTS_DB=/srv/db/p.sqlite3'),
  );
  install(prefix, [], first);
  assert.deepEqual(unit().match(/^ReadWritePaths=.*$/gm), [
    'ReadWritePaths=-/srv/state',
    'ReadWritePaths=-/srv/db',
  ]);

  writeFileSync(
    settings,
    text.replace(
      /^PIPELINE_PRODUCTS_DB=.*$/m,
      'PIPELINE_PRODUCTS_DB=postgresql://contimg@db.example.org/products',
    ),
  );
  install(prefix, [], first);
  assert.deepEqual(unit().match(/^ReadWritePaths=.*$/gm), ['ReadWritePaths=-/srv/state']);

  const { code, stderr } = ops('install', ['--prefix', prefix, '--state-dir', '/elsewhere'], first);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'install: --state-dir /elsewhere: contimg.env has /srv/state: edit PIPELINE_STATE_DIR there instead\n',
  );
});

test('the Python unit’s settings are taken over, what it leaves behind is kept, and the next step is to stop it', (t) => {
  const { prefix, first } = site(t);
  const unit = [
    '[Service]',
    'Environment="CONTIMG_INPUT_DIR=/srv/in" CONTIMG_LOG_LEVEL=DEBUG',
    'Environment=PIPELINE_PRODUCTS_DB=/srv/wrong.sqlite3',
    'EnvironmentFile=-/srv/ops/contimg.env',
    'ExecStart=/opt/miniforge/envs/casa6/bin/python -m dsa110_contimg.pointing.monitor',
  ].join('\n');
  for (const folder of ['etc/systemd/system', 'etc/logrotate.d', 'srv/ops'])
    mkdirSync(join(prefix, folder), { recursive: true });
  writeFileSync(join(prefix, MONITOR_UNIT), unit);
  writeFileSync(
    join(prefix, 'srv/ops/contimg.env'),
    'PIPELINE_PRODUCTS_DB=/srv/db/history.sqlite3\nPIPELINE_STATE_DIR="/srv/state"\n',
  );
  const rule = join(prefix, 'etc/logrotate.d/pointing-monitor');
  writeFileSync(rule, '/theirs {}\n');
  const next =
    /^next: the old monitor was found: continue with step 2 of .*: systemctl disable --now contimg-pointing-monitor\.service$/m;
  assert.match(install(prefix, [], first), next);
  const settings = readFileSync(join(prefix, SETTINGS), 'utf8');
  assert.deepEqual(settings.match(/^(CONTIMG|PIPELINE)\w+=.*$/gm), [
    'CONTIMG_INPUT_DIR=/srv/in',
    'PIPELINE_PRODUCTS_DB=/srv/db/history.sqlite3',
    'PIPELINE_STATE_DIR=/srv/state',
    'CONTIMG_LOG_LEVEL=DEBUG',
  ]);
  assert.equal(readFileSync(join(prefix, `${MONITOR_UNIT}.bak`), 'utf8'), unit);
  assert.equal(readFileSync(`${rule}.bak`, 'utf8'), '/theirs {}\n');
  assert.equal(install(prefix, [], first), 'nothing to do: already installed\n');

  // An edited unit of ours does not overwrite theirs.
  appendFileSync(join(prefix, MONITOR_UNIT), '# edited\n');
  assert.doesNotMatch(install(prefix, [], first), next);
  assert.equal(readFileSync(join(prefix, `${MONITOR_UNIT}.bak`), 'utf8'), unit);
  assert.match(readFileSync(join(prefix, `${MONITOR_UNIT}.2.bak`), 'utf8'), /# edited/);

  const { stdout } = ops('uninstall', ['--prefix', prefix]);
  assert.match(stdout, /^left in place: .*contimg-pointing-monitor\.service\.bak.*\/srv\/state$/m);
});

test('settings that only the Python unit has are named where contimg.env exists; the units can write there', (t) => {
  const { prefix, first } = site(t);
  for (const folder of ['etc/systemd/system', 'etc/contimg'])
    mkdirSync(join(prefix, folder), { recursive: true });
  writeFileSync(
    join(prefix, MONITOR_UNIT),
    '[Service]\nEnvironment=CONTIMG_INPUT_DIR=/srv/in PIPELINE_STATE_DIR=/srv/theirs PIPELINE_PRODUCTS_DB=/srv/db/history.sqlite3\n',
  );
  const settings = join(prefix, SETTINGS);
  const ofSite = 'PIPELINE_STATE_DIR=/srv/state\n';
  writeFileSync(settings, ofSite);
  const { code, stderr } = ops('install', ['--prefix', prefix], first);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    stderr.match(/sets \S+, and .*$/gm),
    ['CONTIMG_INPUT_DIR=/srv/in', 'PIPELINE_PRODUCTS_DB=/srv/db/history.sqlite3'].map(
      (each) =>
        `sets ${each}, and /etc/contimg/contimg.env does not: add it there, and run /opt/pointing-monitor/ops/install`,
    ),
  );
  assert.equal(readFileSync(settings, 'utf8'), ofSite);
  assert.match(
    readFileSync(`${settings}.new`, 'utf8'),
    /^CONTIMG_INPUT_DIR=\/srv\/in$.*^PIPELINE_PRODUCTS_DB=\/srv\/db\/history\.sqlite3$/ms,
  );
  assert.deepEqual(readFileSync(join(prefix, MONITOR_UNIT), 'utf8').match(/^Read\w+Paths=.*$/gm), [
    'ReadOnlyPaths=-/srv/in',
    'ReadWritePaths=-/srv/state',
    'ReadWritePaths=-/srv/db',
  ]);
});

test('drop-ins of the Python unit are named, because they apply to the new unit, and their settings taken over', (t) => {
  const { prefix, first } = site(t);
  const directory = join(prefix, `${MONITOR_UNIT}.d`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(prefix, MONITOR_UNIT),
    '[Service]\nExecStart=/opt/miniforge/envs/casa6/bin/python\nEnvironment=CONTIMG_INPUT_DIR=/srv/wrong\n',
  );
  writeFileSync(
    join(directory, 'paths.conf'),
    '[Service]\nEnvironment=CONTIMG_INPUT_DIR=/srv/in\nUser=casa\n',
  );
  writeFileSync(join(directory, 'limits.conf'), '[Service]\nEnvironment=CONTIMG_LOG_LEVEL=DEBUG\n');
  writeFileSync(join(directory, 'paths.conf.old'), '[Service]\nEnvironment=CONTIMG_INPUT_DIR=/srv/old\n');
  const run = () =>
    ops('install', ['--prefix', prefix], first).stderr.match(/^install: note: .*applies to.*$/gm);
  assert.deepEqual(
    run(),
    ['limits.conf', 'paths.conf'].map(
      (name) =>
        `install: note: ${join(directory, name)} also applies to the new unit: review it, or move it away`,
    ),
  );
  assert.deepEqual(readFileSync(join(prefix, SETTINGS), 'utf8').match(/^CONTIMG_\w+=.*$/gm), [
    'CONTIMG_INPUT_DIR=/srv/in',
    'CONTIMG_LOG_LEVEL=DEBUG',
  ]);
  // Once the unit is ours, so are they.
  assert.equal(run(), null);
});

test('units may write where the links lead that the settings name', (t) => {
  const { prefix, first } = site(t);
  for (const folder of ['fast/db', 'big/state']) mkdirSync(join(prefix, folder), { recursive: true });
  mkdirSync(join(prefix, 'srv'));
  writeFileSync(join(prefix, 'fast/db/products.sqlite3'), '');
  symlinkSync('../big/state', join(prefix, 'srv/state'));
  symlinkSync('../../fast/db/products.sqlite3', join(prefix, 'big/state/products.sqlite3'));
  const written = () => readFileSync(join(prefix, MONITOR_UNIT), 'utf8').match(/^ReadWritePaths=.*$/gm);
  const everywhere = ['ReadWritePaths=-/srv/state', 'ReadWritePaths=-/big/state', 'ReadWritePaths=-/fast/db'];
  install(prefix, ['--state-dir', '/srv/state'], first);
  assert.deepEqual(written(), everywhere);
  // While its disk is not mounted.
  rmSync(join(prefix, 'fast/db'), { recursive: true });
  install(prefix, [], first);
  assert.deepEqual(written(), everywhere);
});

test('what the units write to cannot be the watched directory, which they may only read', (t) => {
  const { prefix, first } = site(t);
  const refused = (...args: string[]) => {
    const { code, stderr } = ops('install', ['--prefix', prefix, ...args], first);
    return `${code} ${stderr}`;
  };
  const reason = (path: string) =>
    `2 install: ${path} is the watched directory, which the units may only read: put the database, the state directory and the backups elsewhere, such as into a directory below it\n`;
  assert.equal(refused('--input-dir', '/srv/data', '--state-dir', '/srv/data/'), reason('/srv/data'));
  mkdirSync(join(prefix, 'srv/data'), { recursive: true });
  symlinkSync('data', join(prefix, 'srv/state'));
  assert.equal(refused('--input-dir', '/srv/data', '--state-dir', '/srv/state'), reason('/srv/state'));
  assert.ok(!existsSync(join(prefix, 'etc')));

  install(prefix, ['--input-dir', '/srv/data', '--state-dir', '/srv/data/state'], first);
  const settings = join(prefix, SETTINGS);
  const text = readFileSync(settings, 'utf8');
  for (const [variable, path] of [
    ['PIPELINE_PRODUCTS_DB', '/srv/data/products.sqlite3'],
    ['POINTING_BACKUP_DIR', '/srv/data'],
  ] as const) {
    writeFileSync(settings, text.replace(new RegExp(`^${variable}=.*$`, 'm'), `${variable}=${path}`));
    assert.equal(refused(), reason('/srv/data'));
  }
});

test(
  'an upgrade that ends in the middle leaves the old version in place, and the next one succeeds',
  needs('prlimit'),
  (t) => {
    const { path, prefix, first } = site(t);
    install(prefix, [], first);
    const before = snapshot(prefix);
    const next = version(path, 'next');
    // As on a full disk: a file of this size is further on in the tree.
    const { status, stdout, stderr } = spawnSync(
      'prlimit',
      ['--fsize=100000', join(next, 'ops/install'), '--prefix', prefix],
      // The record of what was covered is larger, too.
      { encoding: 'utf8', env: { ...process.env, NODE_V8_COVERAGE: '' } },
    );
    assert.notEqual(status, 0);
    assert.equal(stdout, '');
    assert.match(stderr, /^install: could not copy \d+ files to .*: EFBIG: .*\n$/);
    const isPart = (file: string) => file.startsWith('opt/pointing-monitor.releases/.part-');
    const after = [...snapshot(prefix)];
    assert.ok(after.some(([file]) => isPart(file)));
    assert.deepEqual(new Map(after.filter(([file]) => !isPart(file))), before);

    install(prefix, [], next);
    assert.match(readFileSync(join(prefix, PROGRAM, 'CHANGELOG.md'), 'utf8'), /The next version/);
    assert.deepEqual([...snapshot(prefix).keys()].filter(isPart), []);
  },
);

test('of two installations at once neither disturbs the other’s copy of the release', async (t) => {
  const { prefix, first } = site(t);
  const releases = join(prefix, 'opt/pointing-monitor.releases');
  // Left by an earlier version.
  mkdirSync(join(releases, '.part'), { recursive: true });
  const slow = spawn(join(first, 'ops/install'), ['--prefix', prefix], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = finished(slow);
  await waitFor('its copy', () => readdirSync(releases).length > 1);
  slow.kill('SIGSTOP');
  assert.match(readdirSync(releases).join(), /^\.part,\.part-\d+$/);
  install(prefix, [], first);
  const whole = [...snapshot(join(prefix, PROGRAM, '/')).keys()];
  slow.kill('SIGCONT');
  // A later step may find that the other one was quicker, and end it: it can be repeated.
  assert.doesNotMatch((await ended).stderr, /could not copy/);
  install(prefix, [], first);
  assert.deepEqual([...snapshot(join(prefix, PROGRAM, '/')).keys()], whole);
  assert.ok(whole.includes('SECURITY.md'));
  assert.deepEqual(
    readdirSync(releases).filter((name) => name.startsWith('.')),
    [],
  );
});

test('each directory of the settings is the one that was given, also where their names begin alike', (t) => {
  const { path } = workspace(t);
  const prefix = join(path, 'host');
  install(prefix, ['--input-dir', '/mnt/in', '--state-dir', '/data/incoming-state']);
  const settings = readFileSync(join(prefix, SETTINGS), 'utf8');
  assert.match(settings, /^CONTIMG_INPUT_DIR=\/mnt\/in$/m);
  assert.match(settings, /^PIPELINE_STATE_DIR=\/data\/incoming-state$/m);
});

test('a link in the place of a directory is not followed; a record that nobody can read is done without', (t) => {
  const { path } = workspace(t);
  const prefix = join(path, 'host');
  install(prefix);
  writeFileSync(join(prefix, 'opt/pointing-monitor.releases/installed.json'), '');
  install(prefix);
  const logs = join(prefix, 'data/dsa110-contimg/state/logs');
  rmSync(logs, { recursive: true });
  symlinkSync(join(path, 'elsewhere'), logs);
  const { code, stderr } = ops('install', ['--prefix', prefix]);
  assert.equal(code, 1);
  assert.match(stderr, /^install: could not create .*logs: EEXIST/);
  assert.ok(!existsSync(join(path, 'elsewhere')));
});

test('uninstalled, only what is the site’s is left; --purge takes its settings, never its data', (t) => {
  const { path, prefix, first } = site(t);
  install(prefix, [], first);
  const data = ['products.sqlite3', 'pointing-monitor-status.json', 'logs/pointing-monitor.out'].map((name) =>
    join('data/dsa110-contimg/state', name),
  );
  for (const name of data) writeFileSync(join(prefix, name), 'observed');
  appendFileSync(join(prefix, SETTINGS), 'PIPELINE_HOST=h20\n');
  // What a new version has to say beside edited settings is not the site's.
  const next = version(path, 'next');
  appendFileSync(join(next, 'ops/contimg.env'), '# A new setting.\n');
  install(prefix, [], next);
  assert.ok(existsSync(join(prefix, `${SETTINGS}.new`)));
  const left = () => [...snapshot(prefix).keys()].sort();

  const { code, stderr } = ops('uninstall', ['--prefix', prefix]);
  assert.equal(code, 0);
  assert.match(stderr, /contimg\.env was edited and stays/);
  assert.deepEqual(left(), [...data, SETTINGS].sort());

  const again = ops('uninstall', ['--prefix', prefix]);
  assert.equal(again.code, 1);
  assert.equal(again.stderr, `uninstall: nothing is installed under ${prefix}\n`);

  install(prefix, [], first);
  assert.equal(ops('uninstall', ['--prefix', prefix, '--purge']).code, 0);
  assert.deepEqual(left(), [...data].sort());
});

test('a file that somebody replaced stays when the rest is uninstalled; an interrupted removal can be finished', (t) => {
  const { prefix, first } = site(t);
  install(prefix, [], first);
  const theirs = '[Service]\nExecStart=/opt/miniforge/envs/casa6/bin/python\n';
  writeFileSync(join(prefix, MONITOR_UNIT), theirs);
  // As after an interruption.
  rmSync(join(prefix, 'etc/systemd/system/contimg-pointing-backup.service'));
  rmSync(join(prefix, PROGRAM));
  const { code, stdout, stderr } = ops('uninstall', ['--prefix', prefix], first);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^left in place: \S+\/contimg-pointing-monitor\.service, /m);
  assert.equal(readFileSync(join(prefix, MONITOR_UNIT), 'utf8'), theirs);
  assert.deepEqual([...snapshot(prefix).keys()], [MONITOR_UNIT]);
});

test('what is missing is said in one line', (t) => {
  const { path, first: next } = site(t);
  const intact = version(path, 'intact');
  const refusal = (from: string, args: string[]) => {
    const { code, stderr } = ops('install', args, from);
    return `${code} ${stderr}`;
  };
  const elsewhere = ['--prefix', join(path, 'other')];
  rmSync(join(next, 'build'));
  mkdirSync(join(next, 'build/Release'), { recursive: true });
  writeFileSync(join(next, 'build/Release/pointing_monitor.node'), 'not a library');
  assert.match(
    refusal(next, elsewhere),
    /^1 install: build\/Release\/pointing_monitor\.node does not load on this system: .*\n$/,
  );
  mkdirSync(join(next, 'src'));
  writeFileSync(join(next, 'src/pulled.ts'), '');
  assert.equal(
    refusal(next, elsewhere),
    '1 install: the sources have changed since the last build: run "node ops/setup.mjs" first\n',
  );
  rmSync(join(next, 'dist'));
  assert.equal(
    refusal(next, elsewhere),
    `1 install: ${join(next, 'dist/bundle/pointing-monitor.js')} is missing: run "node ops/setup.mjs" first\n`,
  );
  assert.equal(
    refusal(intact, ['--start']),
    "2 install: Unknown option '--start'; --help lists the options\n",
  );
  assert.match(
    refusal(intact, [...elsewhere, '--state-dir', 'state']),
    /^2 install: --state-dir state: expected an absolute path.*\n$/,
  );
  mkdirSync(join(path, 'other', PROGRAM), { recursive: true });
  assert.match(
    refusal(intact, elsewhere),
    /^1 install: .* exists but was not created by ops\/install: move it away\n$/,
  );
});
