import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nowMjdUtc } from '#src/units.js';
import { cli } from '../helpers/cli.js';
import { goldenTable } from '../helpers/golden.js';
import { storeObservations } from '../helpers/observations.js';
import { serverOf } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

const lines = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const iso = (mjd: number) => new Date((mjd - 40587) * 86400e3).toISOString().slice(0, 19);

test('--json prints one object per transit, as astropy computes it', async () => {
  const [row] = goldenTable('transits.tsv');
  assert.ok(row);
  const from = iso(Number(row.from_mjd));
  const { code, stdout, stderr } = await cli([
    'transits',
    row.name as string,
    '--from',
    from,
    '--to',
    iso(Number(row.from_mjd) + 1),
    '--json',
  ]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const [first] = lines(stdout);
  assert.deepEqual(Object.keys(first), [
    'name',
    'transit_utc',
    'transit_mjd',
    'lst_deg',
    'elevation_deg',
    'instrument',
  ]);
  assert.equal(first.name, row.name);
  assert.ok(Math.abs(first.transit_mjd - Number(row.transit_mjd)) < 0.1 / 86400);
  assert.ok(
    Math.abs(Date.parse(first.transit_utc) / 86400e3 + 40587 - Number(row.transit_mjd)) < 0.1 / 86400,
  );
  assert.ok(Math.abs(first.elevation_deg - Number(row.transit_elevation_deg)) < 0.1 / 3600);
});

test('--to a date is to its end, to a time is to that instant', async () => {
  const count = async (to: string) =>
    lines((await cli(['transits', '3C286', '--from', '2025-10-04', '--to', to, '--json'])).stdout).length;
  // 3C286 crosses at 20:30:19 on the first of these days.
  assert.equal(await count('2025-10-05'), 2);
  assert.equal(await count('2025-10-04T20:30:00'), 0);
  assert.equal(await count('2025-10-04T20:31:00'), 1);
});

test('a name, an alias and a position give the same transit, under the name that was asked for', async () => {
  const ask = async (args: string[]) =>
    lines(
      (await cli(['transits', ...args, '--from', '2025-10-04', '--to', '2025-10-04', '--json'])).stdout,
    )[0];
  const [alias, name, iau, position] = await Promise.all([
    ask(['3c286']),
    ask(['1331+305']),
    ask(['J1331+3030']),
    ask(['--ra', '202.7845332', '--dec', '30.5091553']),
  ]);
  assert.deepEqual([alias.name, name.name, iau.name], ['3C286', '1331+305', 'J1331+3030']);
  assert.equal(alias.transit_mjd, name.transit_mjd);
  assert.equal(alias.transit_mjd, iau.transit_mjd);
  assert.ok(Math.abs(alias.transit_mjd - position.transit_mjd) < 0.1 / 86400);
});

test('without a name: the bright ones in the beam of the newest observation, in order of time', async (t) => {
  const { productsDb } = workspace(t);
  await storeObservations(productsDb, [
    { mjd: 60950, decDeg: -20 },
    { mjd: 60951, decDeg: 30.4 },
  ]);
  const args = ['transits', '--from', '2025-10-04', '--to', '2025-10-04', '--json', '--min-flux-jy', '10'];
  const ofNewest = await cli([...args, '--products-db', productsDb]);
  assert.match(ofNewest.stderr, /declination 30\.40/);
  const found = lines(ofNewest.stdout);
  assert.ok(found.some(({ name }) => name === '1331+305'));
  assert.deepEqual(
    found.map(({ transit_mjd }) => transit_mjd),
    found.map(({ transit_mjd }) => transit_mjd).sort(),
  );
  const given = lines((await cli([...args, '--at-dec-deg', '30.4'])).stdout);
  assert.deepEqual(
    given.map(({ name, transit_mjd }) => [name, transit_mjd.toFixed(8)]),
    found.map(({ name, transit_mjd }) => [name, transit_mjd.toFixed(8)]),
  );
  assert.ok(!(await cli([...args, '--at-dec-deg', '32'])).stdout.includes('1331+305'));
});

test('without a name: when they pass the telescope, which need not stand on the meridian', async (t) => {
  const space = workspace(t);
  await storeObservations(space.productsDb, [{ mjd: nowMjdUtc() - 0.01, decDeg: 30.4, haDeg: 11 }]);
  const app = await serverOf(t, space);
  const { items } = (await app.inject('/api/pointing/transits?hours=24&min_flux_jy=5')).json();
  const { stdout } = await cli([
    'transits',
    '--products-db',
    space.productsDb,
    '--json',
    '--min-flux-jy',
    '5',
  ]);
  const listed = lines(stdout);
  // What passes at this very moment is over for the command, which asks later. A sidereal day is shorter than 24 hours.
  const expected = items.filter(({ mjd }: { mjd: number }) => mjd > nowMjdUtc() + 0.001);
  assert.ok(expected.length > 0);
  for (const { name, mjd } of expected)
    assert.ok(
      listed.some((each) => each.name === name && Math.abs(each.transit_mjd - mjd) < 1e-6),
      `${name} ${mjd}`,
    );
});

test('a table for people', async () => {
  const { stdout } = await cli(['transits', '3C286', '--from', '2025-10-04', '--to', '2025-10-04']);
  assert.match(
    stdout,
    /^source .*transit UTC.*\n3C286 +2025-10-04T20:30:19\.\d+ +60952\.854387 +203\.0780 +83\.1446 /,
  );
});

for (const [what, args, message] of [
  ['an unknown name', ['transits', '3C285X'], /no source named 3C285X .*3C286.*--ra/],
  ['a name of two sources', ['transits', '0632+159'], /two calibrators are named.*--ra 98\.1.*--ra 98\.1/],
  ['half a position', ['transits', '--ra', '10'], /both --ra and --dec/],
  ['no declination', ['transits'], /--at-dec-deg/],
  ['an impossible date', ['transits', '3C286', '--from', '2025-02-30'], /--from 2025-02-30/],
  ['two starts', ['transits', '3C286', '--from', '2025-02-03', '--days-back', '3'], /--from and --days-back/],
  [
    'a range that ends the day before',
    ['transits', '3C286', '--from', '2025-02-03', '--to', '2025-02-02'],
    /ends before/,
  ],
  [
    'a range that ends first',
    ['transits', '3C286', '--from', '2025-02-03', '--to', '2025-02-01'],
    /ends before/,
  ],
] as [string, string[], RegExp][]) {
  test(`${what}: one clear line and exit 2`, async () => {
    const { code, stdout, stderr } = await cli(args);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  });
}

test('a start in the future is followed by a day, as now is', async () => {
  const { code, stdout, stderr } = await cli(['transits', '3C286', '--from', '2090-06-01', '--json']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.deepEqual(
    lines(stdout).map(({ transit_utc: utc }) => utc.slice(0, 10)),
    ['2090-06-01'],
  );
});
