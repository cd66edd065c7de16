import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { cli } from '../helpers/cli.js';
import { historyRows } from '../helpers/database.js';
import { HangingMount } from '../helpers/hanging-mount.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { writeStatus } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

interface Check {
  readonly check: string;
  readonly state: string;
  readonly message: string;
}

const TRUE_MJD = 60952.635;
const WRONG_MJD = 51544 + (TRUE_MJD + 2400000.5) / 86400;

async function doctor(...args: string[]) {
  const { code, stdout, stderr } = await cli(['doctor', ...args, '--json']);
  assert.equal(stderr, '');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const checks = lines.filter(({ check }) => check) as Check[];
  return {
    code,
    repair: lines.find(({ repaired }) => repaired !== undefined),
    state: (name: string) => checks.find(({ check }) => check === name)?.state,
    message: (name: string) => checks.find(({ check }) => check === name)?.message ?? '',
    failed: checks.filter(({ state }) => state === 'failed').map(({ check }) => check),
  };
}

async function installed(t: TestContext) {
  const place = workspace(t);
  await storeObservations(place.productsDb, [
    { mjd: 60950, decDeg: 54.57 },
    { mjd: 60951, decDeg: 54.57 },
  ]);
  return place;
}

function addWrongRow(productsDb: string): void {
  const sqlite = new Database(productsDb);
  sqlite.prepare('INSERT INTO pointing_history VALUES (?, 183.73, 54.57)').run(WRONG_MJD);
  sqlite.close();
}

const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

test('a sound installation: every check is told, none failed, exit 0', async (t) => {
  const { incoming, productsDb } = await installed(t);
  writeFileSync(join(incoming, '2025-10-04T15:12:13_sb00.hdf5'), '');
  const before = digest(productsDb);
  const found = await doctor(incoming, productsDb);
  assert.deepEqual(found.failed, []);
  assert.equal(found.code, 0);
  assert.match(found.message('program'), /Node \d+.*libhdf5 \d\.\d+\.\d+, ERFA \d.*SQLite 3\.\d/);
  assert.match(found.message('IERS table'), /measured to \d{4}-\d\d-\d\d/);
  assert.match(found.message('watch directory'), /: 1 file named \*_sb00\.hdf5 in 1 directory$/);
  assert.match(found.message('inotify'), /^\d+ watches/);
  assert.match(found.message('free space'), /GB free/);
  assert.match(found.message('history'), /2 observations, the newest from 2025-10-03T00:00:00Z; 2 files/);
  assert.equal(found.state('time fault'), 'ok');
  assert.equal(digest(productsDb), before);
});

test('links that the monitor does not follow are counted, and the first named', async (t) => {
  const { path, incoming, productsDb } = await installed(t);
  const elsewhere = join(path, 'elsewhere');
  mkdirSync(elsewhere);
  for (const name of ['a', 'b', 'c', 'd']) symlinkSync(elsewhere, join(incoming, name));
  const found = await doctor(incoming, productsDb);
  assert.deepEqual([found.code, found.state('links')], [0, 'warning']);
  assert.match(
    found.message('links'),
    /^4 links .* are not followed \((\S+incoming\/[abcd], ){3}\.\.\.\): to read there, run the monitor with --follow-links$/,
  );
});

test('rows of the time fault are counted, shown with their true times, and fail the check', async (t) => {
  const { incoming, productsDb } = await installed(t);
  addWrongRow(productsDb);
  const found = await doctor(incoming, productsDb);
  assert.equal(found.code, 1);
  assert.deepEqual(found.failed, ['time fault']);
  assert.match(
    found.message('time fault'),
    /^1 row .*51572\.4\d+ for 2025-10-04T15:14:24Z.*doctor --repair$/,
  );
});

test('a row that was repaired before its file was read is there twice: reported, and dropped by --repair', async (t) => {
  const { incoming, productsDb } = await installed(t);
  const [file] = historyRows(productsDb);
  const sqlite = new Database(productsDb);
  const add = sqlite.prepare('INSERT INTO pointing_history VALUES (? + ? / 86400, ?, ?)');
  const repairedRaDeg = (file?.ra_deg ?? 0) + 0.002;
  add.run(file?.timestamp, 0.03, repairedRaDeg, file?.dec_deg);
  add.run(file?.timestamp, 60, 3, 4);
  sqlite.close();
  const found = await doctor(incoming, productsDb);
  assert.equal(found.state('duplicate rows'), 'warning');
  assert.match(
    found.message('duplicate rows'),
    /^1 observation with two rows, one of them without a file: run doctor --repair/,
  );
  const { repair, code } = await doctor(incoming, productsDb, '--repair');
  assert.deepEqual([code, repair.repaired, repair.dropped], [0, 0, 1]);
  assert.deepEqual(
    historyRows(productsDb)
      .map(({ ra_deg }) => ra_deg)
      .filter((ra) => ra === repairedRaDeg || ra === 3),
    [3],
  );
});

test('a row beside a file whose own row is gone is no duplicate: it is the only one', async (t) => {
  const { incoming, productsDb } = await installed(t);
  const [file] = historyRows(productsDb);
  const sqlite = new Database(productsDb);
  sqlite
    .prepare('UPDATE pointing_history SET timestamp = timestamp + 0.2 / 86400 WHERE timestamp = ?')
    .run(file?.timestamp);
  sqlite.close();
  const rows = historyRows(productsDb);
  assert.notEqual((await doctor(incoming, productsDb)).state('duplicate rows'), 'warning');
  await doctor(incoming, productsDb, '--repair');
  assert.deepEqual(historyRows(productsDb), rows);
});

test('--repair corrects them after a backup, and a second time does nothing', async (t) => {
  const { path, incoming, productsDb } = await installed(t);
  addWrongRow(productsDb);
  const first = await doctor(incoming, productsDb, '--repair');
  assert.equal(first.code, 0);
  assert.deepEqual([first.repair.repaired, first.repair.dropped], [1, 0]);
  const rows = historyRows(productsDb);
  assert.equal(rows.length, 3);
  assert.ok(Math.abs((rows[2]?.timestamp ?? 0) - TRUE_MJD) < 0.1 / 86400);
  assert.equal(historyRows(first.repair.backup)[0]?.timestamp, WRONG_MJD);
  const files = readdirSync(path);
  const before = digest(productsDb);
  const second = await doctor(incoming, productsDb, '--repair');
  assert.deepEqual(second.repair, { repaired: 0, dropped: 0, backup: null });
  assert.equal(digest(productsDb), before);
  assert.deepEqual(readdirSync(path), files);
});

test(
  'a watch directory that hangs is a failed check among the others, and what the monitor says comes before it',
  needs('bindfs'),
  async (t) => {
    const { path, incoming, productsDb } = await installed(t);
    const served = join(path, 'served');
    mkdirSync(served);
    const mount = await HangingMount.mount(t, served, incoming);
    writeStatus(join(path, 'pointing-monitor-status.json'), { watch_dir: incoming, pid: 7 }, 0);
    mount.hang();
    const { code, stdout } = await cli(['doctor', incoming, productsDb], { PIPELINE_STATE_DIR: path });
    mount.goOn();
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^ok +monitor +process 7 is healthy\nFAILED +watch directory +\S+ is not responding: check/m,
    );
    for (const name of ['database rights', 'database', 'history', 'time fault', 'free space', 'clock'])
      assert.match(stdout, new RegExp(`^(ok|WARNING) +${name} `, 'm'));
  },
);

test('what is wrong is said, all of it: exit 1', async (t) => {
  const { path } = workspace(t);
  const broken = join(path, 'broken.sqlite3');
  writeFileSync(broken, 'no database at all, just words, and many of them '.repeat(50));
  const found = await doctor(join(path, 'nowhere'), broken);
  assert.equal(found.code, 1);
  assert.deepEqual(found.failed, ['watch directory', 'database']);
  assert.match(found.message('watch directory'), /nowhere does not exist/);
  assert.match(found.message('database'), /damaged/);
});

test('a place that cannot be read is named', async (t) => {
  const { incoming, productsDb } = await installed(t);
  writeFileSync(Buffer.from(`${incoming}/bad\xff_sb00.hdf5`, 'latin1'), '');
  const found = await doctor(incoming, productsDb);
  assert.deepEqual([found.code, found.failed], [1, ['watch directory']]);
  assert.match(
    found.message('watch directory'),
    /^cannot read 1 place below \S+, the first: \S+incoming\/bad\\xff_sb00\.hdf5: ignored because its name is not valid UTF-8/,
  );
});

test('a newest observation in the future makes the clock suspect', async (t) => {
  const { incoming, productsDb } = workspace(t);
  await storeObservations(productsDb, [{ mjd: Date.now() / 86400e3 + 40587 + 1, decDeg: 10 }]);
  assert.deepEqual((await doctor(incoming, productsDb)).failed, ['clock']);
});

test('a database that is yet to be made is no failure, and is not made', async (t) => {
  const { incoming, productsDb } = workspace(t);
  const found = await doctor(incoming, productsDb);
  assert.equal(found.code, 0);
  assert.match(found.message('database rights'), /does not exist yet/);
  assert.ok(!existsSync(productsDb));
});

test('--repair of a database that does not exist: one clear line and exit 2', async (t) => {
  const { incoming, productsDb } = workspace(t);
  const { code, stdout, stderr } = await cli(['doctor', incoming, productsDb, '--repair']);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  assert.match(stderr, /products\.sqlite3 does not exist: check the path, or mount or restore it\n$/);
});

test('lines for people', async (t) => {
  const { incoming, productsDb } = await installed(t);
  addWrongRow(productsDb);
  const { stdout } = await cli(['doctor', incoming, productsDb]);
  assert.match(stdout, /^ok +program +pointing-monitor/);
  assert.match(stdout, /^FAILED +time fault +1 row /m);
  const repaired = await cli(['doctor', incoming, productsDb, '--repair']);
  assert.match(
    repaired.stdout,
    /^corrected the times and right ascensions of 1 row;.*\n.*before-repair-\d{8}T\d{6}Z\n/,
  );
});

test('a database that a newer version has brought forward is one that this version cannot use', async (t) => {
  const { incoming, productsDb } = await installed(t);
  const sqlite = new Database(productsDb);
  sqlite.exec("INSERT INTO pointing_migrations VALUES (99, '9.9.9', 0)");
  sqlite.close();
  const found = await doctor(incoming, productsDb);
  assert.deepEqual(found.failed, ['database']);
  assert.match(
    found.message('database'),
    /is newer than this program: pointing-monitor 9\.9\.9 writes to it/,
  );
});
