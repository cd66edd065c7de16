import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { astrometry } from '#src/native/astrometry.js';
import { angularSeparationDeg } from '#src/sky/separation.js';
import { dsa110 } from '#src/sky/site.js';
import { type Degrees, degrees, mjdUtc } from '#src/units.js';
import { cli } from '../helpers/cli.js';
import { goldenTable } from '../helpers/golden.js';
import { storeObservations } from '../helpers/observations.js';
import { fillHistory, serverOf } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

const COLUMNS = 'timestamp,time_utc,ra_deg,dec_deg,ra_icrs_deg,dec_icrs_deg,ha_deg,path,quality';
const at = (i: number) => ({ mjd: 60949 + i / 24, decDeg: 54.57, haDeg: i });

test('--json and CSV hold the same values, every row of the range', async (t) => {
  const { productsDb } = workspace(t);
  await storeObservations(productsDb, [at(0), at(1), at(2), at(3), { ...at(4), path: '/in/a "b", c.hdf5' }]);
  const range = ['--from', '2025-10-01T00:30:00', '--to', '2025-10-01T04:00:00'];
  const json = await cli(['history', productsDb, ...range, '--json']);
  assert.equal(json.code, 0, json.stderr);
  const rows = json.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    rows.map(({ timestamp }) => timestamp),
    [at(1).mjd, at(2).mjd, at(3).mjd, at(4).mjd],
  );
  assert.equal(Object.keys(rows[0]).join(), COLUMNS);
  const csv = await cli(['history', productsDb, ...range, '--format', 'csv']);
  const [heading, ...lines] = csv.stdout.trimEnd().split('\n');
  assert.equal(heading, COLUMNS);
  assert.equal(lines[0], Object.values(rows[0]).join());
  assert.match(lines[3] ?? '', /,"\/in\/a ""b"", c\.hdf5",even$/);
});

test('each row is of one day, that at midnight of the day that begins', async (t) => {
  const { productsDb } = workspace(t);
  const times = [60952, 60952.5, 60952.99999, 60953, 60953.5, 60954];
  await storeObservations(
    productsDb,
    times.map((mjd) => ({ mjd, decDeg: 10, path: `/in/${mjd}.hdf5` })),
  );
  const of = async (day: string) => {
    const range = ['--from', day, '--to', day, '--columns', 'timestamp', '--format', 'csv'];
    const { stdout } = await cli(['history', productsDb, ...range]);
    return stdout.trim().split('\n').slice(1).map(Number);
  };
  assert.deepEqual(await of('2025-10-04'), [60952, 60952.5, 60952.99999]);
  assert.deepEqual(await of('2025-10-05'), [60953, 60953.5]);
});

test('CSV: text that a spreadsheet would compute gets an apostrophe, numbers do not', async (t) => {
  const { productsDb } = workspace(t);
  const paths = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', 'a=1', '/in/-1'];
  await storeObservations(
    productsDb,
    paths.map((path, i) => ({ mjd: 60949 + i / 24, decDeg: -10.5, haDeg: -5, path })),
  );
  const { stdout } = await cli(['history', productsDb, '--format', 'csv']);
  const rows: Record<string, string>[] = parse(stdout, { columns: true });
  assert.deepEqual(
    rows.map(({ path }) => path),
    paths.map((path) => (/^(a|\/)/.test(path) ? path : `'${path}`)),
  );
  for (const { dec_deg, ha_deg } of rows) assert.deepEqual([dec_deg, Number(ha_deg) < 0], ['-10.5', true]);
});

test('--time-interval-hours: the first row of each interval, as by API', async (t) => {
  const space = workspace(t);
  const { productsDb } = space;
  await storeObservations(productsDb, [0, 1, 2, 3, 4, 5, 6].map(at));
  const { stdout } = await cli(['history', productsDb, '--time-interval-hours', '2.5', '--format', 'csv']);
  const times = stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[0]));
  const app = await serverOf(t, space);
  const byApi = (await app.inject('/api/pointing_history?time_interval_hours=2.5')).json();
  assert.deepEqual(
    times,
    byApi.items.map(({ timestamp }: { timestamp: number }) => timestamp),
  );
  const intervals = times.map((mjd) => Math.floor((mjd * 24) / 2.5));
  assert.deepEqual(intervals, [
    ...new Set([0, 1, 2, 3, 4, 5, 6].map((i) => Math.floor((at(i).mjd * 24) / 2.5))),
  ]);
});

test('rows without a file get their ICRS position as by astropy; rows without a position are left out', async (t) => {
  const golden = goldenTable('transits.tsv');
  const { productsDb } = workspace(t);
  const sqlite = new Database(productsDb);
  sqlite.exec('CREATE TABLE pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL)');
  const add = sqlite.prepare('INSERT INTO pointing_history VALUES (?, ?, ?)');
  // One source at each of the dates that are past: where astropy saw it then, and its catalogue position.
  const expected = Array.from({ length: 10 }, (_, i) => golden[101 * i] as Record<string, string>).filter(
    ({ from_mjd }) => Number(from_mjd) < Date.now() / 86400e3 + 40587,
  );
  for (const { from_mjd, ha_deg, dec_deg } of expected) {
    const lstDeg = astrometry().apparentSiderealTimeDeg(mjdUtc(Number(from_mjd)), dsa110.longitudeDeg);
    add.run(Number(from_mjd), (lstDeg - Number(ha_deg) + 360) % 360, Number(dec_deg));
  }
  add.run(60000, null, null);
  sqlite.close();
  const { stdout, stderr } = await cli(['history', productsDb, '--json']);
  assert.equal(stderr, '');
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    rows.map(({ timestamp }) => timestamp),
    expected.map(({ from_mjd }) => Number(from_mjd)),
  );
  for (const [i, row] of rows.entries()) {
    const { ra_icrs_deg, dec_icrs_deg } = expected[i] as Record<string, string>;
    const place = [row.ra_icrs_deg, row.dec_icrs_deg, Number(ra_icrs_deg), Number(dec_icrs_deg)].map(degrees);
    assert.ok(
      angularSeparationDeg(...(place as [Degrees, Degrees, Degrees, Degrees])) < 0.1 / 3600,
      `row ${i}`,
    );
    assert.equal(row.path, null);
  }
});

test("the Python monitor's wrong rows are left out, and counted on stderr", async (t) => {
  const { productsDb } = workspace(t);
  await storeObservations(productsDb, [at(0), { mjd: 51572.4833, decDeg: 54.57 }]);
  const { stdout, stderr } = await cli(['history', productsDb, '--json']);
  assert.equal(stdout.trimEnd().split('\n').length, 1);
  assert.match(stderr, /^left out 1 row .*: run "pointing-monitor doctor --repair"\n$/);
});

test('a database that is not there: exit 2', async () => {
  const { code, stderr } = await cli(['history', '/no/such.sqlite3']);
  assert.equal(code, 2);
  assert.match(stderr, /\/no\/such\.sqlite3 does not exist/);
});

test('a table for people, its columns one below the other', async (t) => {
  const { productsDb } = workspace(t);
  await storeObservations(productsDb, [at(0), at(1)]);
  const { stdout } = await cli(['history', productsDb]);
  const [heading = '', ...lines] = stdout.trimEnd().split('\n');
  const column = heading.indexOf('path');
  for (const line of lines) assert.equal(line.slice(column, column + 4), '/in/');
  assert.match(lines[0] ?? '', /60949\.000000 {2}2025-10-01T00:00:00\.000Z/);
});

test('a table shows no right ascension of 360 and no negative zero', async (t) => {
  const { productsDb } = workspace(t);
  const timestamp = 60_952.1;
  fillHistory(productsDb, [
    { timestamp, ra_deg: 359.99999, dec_deg: -0.00001 },
    { timestamp: timestamp + 1, ra_deg: -0.00001, dec_deg: 1 },
  ]);
  const { stdout } = await cli(['history', productsDb, '--columns', 'ra_deg,dec_deg']);
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/\s+/)),
    [
      ['ra_deg', 'dec_deg'],
      ['0.0000', '0.0000'],
      ['0.0000', '1.0000'],
    ],
  );
});
