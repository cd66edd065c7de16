import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { repairTimeFault } from '#src/doctor/repair.js';
import { astrometry } from '#src/native/astrometry.js';
import { dsa110 } from '#src/sky/site.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { mjdUtc } from '#src/units.js';
import { historyRows, type Row } from '../helpers/database.js';
import { needs } from '../helpers/needs.js';
import { workspace } from '../helpers/workspace.js';
import { stored } from '../store/results.js';

const SECOND = 1 / 86400;
const NOBODY = 65534;
const LONGITUDES_DEG = [-118.2817, -118.283407, -118.2834];
const HOUR_ANGLES_DEG = [0, 0, 0, -1.75, 30];

const lstDeg = (mjd: number, longitudeDeg = dsa110.longitudeDeg as number) =>
  astrometry().apparentSiderealTimesDeg(
    Float64Array.of(mjd),
    longitudeDeg as typeof dsa110.longitudeDeg,
  )[0] as number;

interface Made {
  readonly right: Row;
  readonly wrong: Row;
}

/** Observation number i of a long history, as it is and as the Python monitor stored it. */
function made(i: number): Made {
  const mjd = 59000 + (i * 309) / 86400 + (i % 7) * 1e-5;
  const ha = HOUR_ANGLES_DEG[i % HOUR_ANGLES_DEG.length] as number;
  const dec_deg = Math.round((54.57 - (i % 90)) * 100) / 100;
  const timestamp = 51544 + (mjd + 2400000.5) / 86400;
  const longitudeDeg = ha === 0 ? LONGITUDES_DEG[i % 3] : undefined;
  return {
    right: { timestamp: mjd, ra_deg: (lstDeg(mjd) - ha + 360) % 360, dec_deg },
    wrong: { timestamp, ra_deg: (lstDeg(timestamp, longitudeDeg) - ha + 360) % 360, dec_deg },
  };
}

/** A database as the Python monitor made it, with rows in no order. */
function database(test: TestContext, rows: readonly Row[]) {
  const { path, productsDb } = workspace(test);
  const sqlite = new Database(productsDb);
  sqlite.exec(
    'CREATE TABLE pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL); CREATE TABLE theirs (note TEXT)',
  );
  const add = sqlite.prepare('INSERT INTO pointing_history VALUES (@timestamp, @ra_deg, @dec_deg)');
  sqlite.transaction(() => {
    for (const row of rows) add.run(row);
  })();
  sqlite.close();
  return { productsDb, backup: `${path}/backup.sqlite3` };
}

const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

function assertRows(found: readonly Row[], expected: readonly Row[], tolerance: (row: Row) => number) {
  assert.equal(found.length, expected.length);
  for (const [i, row] of found.entries()) {
    const right = expected[i] as Row;
    assert.ok(Math.abs(row.timestamp - right.timestamp) <= tolerance(right) * SECOND, `row ${i}: time`);
    const raOffDeg = ((row.ra_deg - right.ra_deg + 540) % 360) - 180;
    assert.ok(Math.abs(raOffDeg) <= (tolerance(right) * 15.05) / 3600, `row ${i}: ${raOffDeg} deg`);
    assert.equal(row.dec_deg, right.dec_deg);
  }
}

test('10,000 faulty rows among 10,000 good ones, of which 2,000 are of the same observations', async (t) => {
  const all = Array.from({ length: 18_000 }, (_, i) => made(i));
  const good = all.slice(8_000);
  const faulty = all.slice(0, 10_000);
  const { productsDb, backup } = database(t, [
    ...good.map(({ right }) => right),
    ...faulty.map(({ wrong }) => wrong),
  ]);
  const before = historyRows(productsDb);
  const done = await repairTimeFault(productsDb, backup);
  assert.deepEqual(done, { replaced: 8_000, dropped: 2_000, backupPath: backup });
  const untouched = new Set(good.map(({ right }) => right.timestamp));
  assertRows(
    historyRows(productsDb),
    all.map(({ right }) => right),
    ({ timestamp }) => (untouched.has(timestamp) ? 0 : 0.1),
  );
  assert.deepEqual(historyRows(backup), before);
});

test('a database with nothing to repair stays the same byte for byte, and no backup is made', async (t) => {
  const { productsDb, backup } = database(
    t,
    Array.from({ length: 100 }, (_, i) => made(i).right),
  );
  const before = digest(productsDb);
  assert.equal(await repairTimeFault(productsDb, backup), undefined);
  assert.equal(digest(productsDb), before);
  assert.ok(!existsSync(backup));
});

test('another telescope’s observation at the same time is no other row of an observation', async (t) => {
  const [here, there] = [made(1), made(2)];
  const others: Row = { timestamp: here.right.timestamp + 0.2 * SECOND, ra_deg: 12, dec_deg: -30 };
  const [withRow, withFile] = [database(t, [here.wrong, others]), database(t, [there.right])];
  assert.deepEqual(await repairTimeFault(withRow.productsDb, withRow.backup), {
    replaced: 1,
    dropped: 0,
    backupPath: withRow.backup,
  });
  assert.deepEqual(historyRows(withRow.productsDb)[1], others);
  const store = new SqliteStore(withFile.productsDb, { lockWait: 'long' });
  await store.record([stored('/in/other', there.right.timestamp + 0.2 * SECOND)]);
  await store.close();
  assert.equal(await repairTimeFault(withFile.productsDb, withFile.backup), undefined);
  assert.equal(historyRows(withFile.productsDb).length, 2);
});

test('repairing again changes nothing', async (t) => {
  const { productsDb, backup } = database(
    t,
    Array.from({ length: 100 }, (_, i) => made(i).wrong),
  );
  await repairTimeFault(productsDb, backup);
  const before = digest(productsDb);
  assert.equal(await repairTimeFault(productsDb, `${backup}.2`), undefined);
  assert.equal(digest(productsDb), before);
});

test('only pointing_history is touched, and rows without a position stay as they are', async (t) => {
  const { productsDb, backup } = database(t, [made(1).wrong]);
  const sqlite = new Database(productsDb);
  const schema = () => sqlite.prepare('SELECT * FROM sqlite_schema ORDER BY name').all();
  sqlite.exec(
    "INSERT INTO theirs VALUES ('kept'); INSERT INTO pointing_history VALUES (51572.5, NULL, NULL), (51572.51, 'x', 1)",
  );
  sqlite.pragma('user_version = 7');
  const before = schema();
  const done = await repairTimeFault(productsDb, backup);
  assert.equal(done?.replaced, 1);
  assert.deepEqual(schema(), before);
  assert.equal(sqlite.pragma('user_version', { simple: true }), 7);
  assert.equal(sqlite.pragma('journal_mode', { simple: true }), 'delete');
  assert.deepEqual(sqlite.prepare('SELECT note FROM theirs').pluck().all(), ['kept']);
  assert.deepEqual(
    sqlite
      .prepare('SELECT ra_deg FROM pointing_history WHERE timestamp < 52000 ORDER BY timestamp')
      .pluck()
      .all(),
    [null, 'x'],
  );
  sqlite.close();
});

test('an earlier backup is never overwritten, and nothing is then repaired', async (t) => {
  const { productsDb, backup } = database(t, [made(1).wrong]);
  await repairTimeFault(productsDb, backup);
  const sqlite = new Database(productsDb);
  sqlite.prepare('INSERT INTO pointing_history VALUES (@timestamp, @ra_deg, @dec_deg)').run(made(2).wrong);
  sqlite.close();
  const kept = digest(backup);
  await assert.rejects(repairTimeFault(productsDb, backup), /exists already/);
  assert.equal(digest(backup), kept);
  assert.equal(historyRows(productsDb)[0]?.timestamp, mjdUtc(made(2).wrong.timestamp));
});

test('a backup that cannot be made stops the repair', async (t) => {
  const { productsDb, backup } = database(t, [made(1).wrong]);
  const before = digest(productsDb);
  await assert.rejects(repairTimeFault(productsDb, `${backup}/no/such/place`), /no\/such does not exist/);
  assert.equal(digest(productsDb), before);
});

test('a link in the place of the backup is not followed, wherever it leads', async (t) => {
  const { productsDb, backup } = database(t, [made(1).wrong]);
  const planted = `${backup}.target`;
  symlinkSync(planted, backup);
  const before = digest(productsDb);
  await assert.rejects(repairTimeFault(productsDb, backup), /backup\.sqlite3 exists already/);
  assert.ok(!existsSync(planted));
  assert.equal(digest(productsDb), before);
});

test('the backup is readable by those who can read the database', async (t) => {
  const { productsDb, backup } = database(t, [made(1).wrong]);
  chmodSync(productsDb, 0o600);
  await repairTimeFault(productsDb, backup);
  assert.equal(statSync(backup).mode & 0o777, 0o600);
});

test('root does not repair where other users can write', needs('root'), async (t) => {
  const { productsDb, backup } = database(t, [made(1).wrong]);
  const directory = dirname(productsDb);
  const before = digest(productsDb);
  const cases: [uid: number, gid: number, mode: number][] = [
    [NOBODY, 0, 0o755],
    [0, 0, 0o1777],
    [0, NOBODY, 0o775],
  ];
  for (const [uid, gid, mode] of cases) {
    chownSync(directory, uid, gid);
    chmodSync(directory, mode);
    await assert.rejects(
      repairTimeFault(productsDb, backup),
      /^UsageError: root does not repair a database in .*sudo -u/,
    );
    assert.equal(digest(productsDb), before);
    assert.ok(!existsSync(backup));
  }
  chownSync(directory, 0, 0);
  await repairTimeFault(productsDb, backup);
});

test('a damaged database is refused, as it is', async (t) => {
  const { productsDb, backup } = database(
    t,
    Array.from({ length: 1000 }, (_, i) => made(i).wrong),
  );
  const bytes = readFileSync(productsDb);
  bytes.fill(0xff, bytes.length - 8192, bytes.length - 4096);
  writeFileSync(productsDb, bytes);
  await assert.rejects(repairTimeFault(productsDb, backup), /damaged/);
  assert.deepEqual(readFileSync(productsDb), bytes);
  assert.ok(!existsSync(backup));
});
