import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { cli, finished, spawnCli } from '../helpers/cli.js';
import { count } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { mountTmpfs } from '../helpers/mount.js';
import { needs } from '../helpers/needs.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const NOBODY = 65534;
const DAEMON = 1;

/** SQLite's own program is the judge. */
const sqlite3 = (path: string, sql: string) =>
  execFileSync('sqlite3', [path, sql], { encoding: 'utf8' }).trim();

/** A database with rows of ours and of another program. */
async function made(t: TestContext) {
  const space = workspace(t);
  simulate(space.incoming, ['--count', '20']);
  assert.equal((await cli(['backfill', space.incoming, space.productsDb])).code, 0);
  sqlite3(space.productsDb, "CREATE TABLE theirs (note TEXT); INSERT INTO theirs VALUES ('kept'), ('too')");
  return { ...space, backups: join(space.path, 'backups') };
}

test(
  'a backup beside a writing monitor is one whole file of a moment, with the mode of the database',
  needs('sqlite3'),
  async (t) => {
    const space = await made(t);
    chmodSync(space.productsDb, 0o660);
    const monitor = new Monitor(t, space, ['--reconcile-interval', '1']);
    await monitor.healthy();
    const writer = new Database(space.productsDb);
    const add = writer.prepare('INSERT INTO theirs VALUES (hex(randomblob(2000)))');
    let rows = 2;
    const writing = setInterval(() => {
      add.run();
      rows++;
    }, 1);
    const target = join(space.path, 'copy.sqlite3');
    const { code, stdout, stderr } = await cli(['backup', target, space.productsDb, '--json']);
    clearInterval(writing);
    writer.close();
    assert.equal(code, 0, stderr);
    const line = JSON.parse(stdout);
    assert.deepEqual([line.backup, line.rows.pointing_history, line.rows.pointing_files], [target, 20, 20]);
    assert.ok(line.rows.theirs >= 2 && line.rows.theirs <= rows, `${line.rows.theirs} of ${rows}`);
    assert.equal(Number(sqlite3(target, 'SELECT count(*) FROM theirs')), line.rows.theirs);
    assert.equal(sqlite3(target, 'PRAGMA integrity_check; PRAGMA journal_mode'), 'ok\ndelete');
    assert.equal(statSync(target).mode & 0o777, 0o660);
    assert.equal(statSync(target).size, line.bytes);
    assert.deepEqual(
      readdirSync(space.path).filter((name) => name.startsWith('copy')),
      ['copy.sqlite3'],
    );
  },
);

test(
  'a copy whose group cannot be the database’s has its mode all the same, without opening it to another group',
  needs('setuid', 'others', 'sqlite3'),
  async (t) => {
    const space = await made(t);
    mkdirSync(space.backups);
    chmodSync(space.path, 0o755);
    chownSync(space.backups, NOBODY, NOBODY);
    chownSync(space.productsDb, 0, DAEMON);
    const copied = async (mode: number) => {
      chmodSync(space.productsDb, mode);
      const target = join(space.backups, `${readdirSync(space.backups).length}.sqlite3`);
      const user = { uid: NOBODY, gid: NOBODY };
      const { code, stderr } = await finished(
        spawnCli(['backup', target, space.productsDb], { PIPELINE_STATE_DIR: space.backups }, user),
      );
      assert.equal(code, 0, stderr);
      const { gid, mode: found } = statSync(target);
      return [gid, (found & 0o777).toString(8)];
    };
    assert.deepEqual(await copied(0o664), [NOBODY, '644']);
    assert.deepEqual(await copied(0o666), [NOBODY, '666']);
    // In a directory that gives its group to what is in it, as the documents have it.
    chownSync(space.backups, NOBODY, DAEMON);
    chmodSync(space.backups, 0o2770);
    assert.deepEqual(await copied(0o664), [DAEMON, '664']);
  },
);

test('nothing is replaced unless asked, and never the database', needs('sqlite3'), async (t) => {
  const { path, productsDb } = await made(t);
  const target = join(path, 'copy.sqlite3');
  writeFileSync(target, 'mine');
  const refused = await cli(['backup', target, productsDb]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /copy\.sqlite3 exists already: give it another name\n$/);
  assert.equal(readFileSync(target, 'utf8'), 'mine');
  assert.equal((await cli(['backup', target, productsDb, '--overwrite'])).code, 0);
  assert.equal(count(target, 'pointing_history'), 20);
  const itself = await cli(['backup', productsDb, productsDb, '--overwrite']);
  assert.deepEqual([itself.code, /is the database itself/.test(itself.stderr)], [2, true]);
  writeFileSync(join(path, 'other.part'), '');
  const interrupted = await cli(['backup', join(path, 'other'), productsDb]);
  assert.match(interrupted.stderr, /other\.part exists already: another backup .* remove it\n$/);
  const nowhere = await cli(['backup', join(path, 'none/copy'), productsDb]);
  assert.match(nowhere.stderr, /the directory .*none does not exist\n$/);
  const onServer = await cli(['backup', target, 'postgresql://h/db']);
  assert.deepEqual([onServer.code, /use pg_dump/.test(onServer.stderr)], [2, true]);
});

test(
  'a directory gets dated backups and keeps the newest; what is not one of them stays',
  needs('sqlite3'),
  async (t) => {
    const { productsDb, backups } = await made(t);
    const missing = await cli(['backup', backups, productsDb, '--keep', '2']);
    assert.match(missing.stderr, /--keep needs a directory, and there is none at /);
    mkdirSync(backups);
    const others = ['products.sqlite3', 'products.old.sqlite3', 'other.20200101T000000Z.sqlite3'];
    const old = ['products.20200101T000000Z.sqlite3', 'products.20210101T000000Z.sqlite3'];
    const left = 'products.20200101T000000Z.sqlite3.part';
    for (const name of [...others, ...old, left]) writeFileSync(join(backups, name), '');
    utimesSync(join(backups, left), 1.7e9, 1.7e9);
    const { code, stdout } = await cli(['backup', backups, productsDb, '--keep', '2', '--json']);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout).removed, [join(backups, old[0] as string)]);
    const kept = readdirSync(backups).filter((name) => !others.includes(name));
    assert.equal(kept.length, 2);
    assert.match(kept[1] as string, /^products\.\d{8}T\d{6}Z\.sqlite3$/);
    assert.equal(count(join(backups, kept[1] as string), 'pointing_history'), 20);
  },
);

test(
  'names of times to come and what another host is writing stay; the backup just made is never removed',
  needs('sqlite3'),
  async (t) => {
    const { productsDb, backups } = await made(t);
    mkdirSync(backups);
    const future = ['products.20980101T000000Z.sqlite3', 'products.20990101T000000Z.sqlite3'];
    const writing = 'products.20200101T000000Z.sqlite3.part';
    for (const name of [...future, writing]) writeFileSync(join(backups, name), '');
    const { code, stdout } = await cli(['backup', backups, productsDb, '--keep', '2', '--json']);
    assert.equal(code, 0);
    const { backup: path, removed } = JSON.parse(stdout);
    assert.deepEqual(removed, [join(backups, future[0] as string)]);
    assert.deepEqual(readdirSync(backups).sort(), [basename(path), future[1], writing].sort());
  },
);

test('a damaged database gives no backup, and an older one stays', needs('sqlite3'), async (t) => {
  const { productsDb, backups } = await made(t);
  mkdirSync(backups);
  const old = join(backups, 'products.20200101T000000Z.sqlite3');
  writeFileSync(old, 'old');
  const bytes = readFileSync(productsDb);
  bytes.fill(0xa5, 4096 * 2, 4096 * 4);
  writeFileSync(productsDb, bytes);
  const { code, stderr } = await cli(['backup', backups, productsDb, '--keep', '1']);
  assert.equal(code, 1);
  assert.match(stderr, /^pointing-monitor: the (copy of the )?database .* is damaged/);
  assert.deepEqual(readdirSync(backups), ['products.20200101T000000Z.sqlite3']);
});

for (const [when, size] of [
  ['from the beginning', '64k,nr_inodes=1'],
  ['before the copy is complete', '12k'],
] as const)
  test(`a disk that is full ${when} is not the caller’s mistake`, needs('sqlite3', 'mounts'), async (t) => {
    const { productsDb } = await made(t);
    const disk = mountTmpfs(t, size);
    const { code, stderr } = await cli(['backup', join(disk, 'copy.sqlite3'), productsDb]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^pointing-monitor: .*(no space left|is full)/);
    assert.deepEqual(readdirSync(disk), []);
  });

test('an overdue backup is a warning until there is one', needs('sqlite3'), async (t) => {
  const space = await made(t);
  const flags = ['--reconcile-interval', '1', '--max-backup-age', '60'];
  const monitor = new Monitor(t, space, flags);
  const warned = await monitor.until('the warning', ({ warning_codes: codes }) =>
    codes.includes('backup_overdue'),
  );
  assert.ok(
    warned.warnings.some((each) => /^there is no backup of .*: check contimg-pointing-backup/.test(each)),
  );
  await monitor.until('health all the same', ({ healthy }) => healthy);
  const target = join(space.path, 'copy.sqlite3');
  const backup = ['backup', target, space.productsDb, '--status-file', space.statusFile];
  assert.equal((await cli(backup)).code, 0);
  const { last_backup: last } = await monitor.until(
    'the backup',
    ({ warning_codes }) => !warning_codes.includes('backup_overdue'),
  );
  assert.deepEqual([last?.path, last?.database], [target, space.productsDb]);

  const note = `${space.statusFile}.last-backup`;
  const noted = JSON.parse(readFileSync(note, 'utf8'));
  writeFileSync(note, JSON.stringify({ ...noted, time: noted.time - 61, time_iso: 'a while ago' }));
  const late = await monitor.until('the warning', ({ warning_codes: codes }) =>
    codes.includes('backup_overdue'),
  );
  assert.ok(
    late.warnings.some((each) =>
      each.startsWith(`the newest backup of ${space.productsDb} is from a while ago`),
    ),
  );
  writeFileSync(note, JSON.stringify({ ...noted, database: '/another' }));
  await waitFor('no backup of this one', () => monitor.status()?.last_backup === null);
  assert.ok(existsSync(target));
});
