import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { byDsa110, storeObservations } from '../helpers/observations.js';
import { serverOf } from '../helpers/server.js';
import { byHera, storePointings } from '../helpers/two-telescopes.js';
import { workspace } from '../helpers/workspace.js';

const OBSERVATION_SECONDS = 309.237645312;
const STEP_DAYS = 309 / 86400;

/** 20 observations at one declination, two hours of nothing, 10 at another. */
async function made(t: TestContext) {
  const { path, productsDb } = workspace(t);
  const first = Array.from({ length: 20 }, (_, i) => ({ mjd: 60949 + i * STEP_DAYS, decDeg: 54.57 }));
  const second = Array.from({ length: 10 }, (_, i) => ({
    mjd: 60949 + (19 + i) * STEP_DAYS + 2 / 24,
    decDeg: 16.24,
  }));
  await storeObservations(productsDb, [...first, ...second]);
  return { path, productsDb };
}

test('--json: an object for each band, dwell and gap', async (t) => {
  const { productsDb } = await made(t);
  const { code, stdout, stderr } = await cli(['coverage', productsDb, '--json']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const all = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    all.map(({ kind }) => kind),
    ['band', 'band', 'stay', 'stay', 'gap', 'gap'],
  );
  const [low, high, first, second, gap, since] = all;
  assert.deepEqual([low.dec_min_deg, low.dec_max_deg, high.dec_min_deg, high.dec_max_deg], [16, 17, 54, 55]);
  const onSky = 19 * 309 + OBSERVATION_SECONDS;
  assert.ok(Math.abs(high.seconds - onSky) < 0.01);
  assert.equal(high.ra_bin_seconds.length, 24);
  assert.deepEqual([first.dec_deg, first.observations], [54.57, 20]);
  assert.ok(Math.abs(first.seconds - onSky) < 0.01);
  assert.deepEqual([second.dec_deg, second.observations], [16.24, 10]);
  assert.ok(Math.abs(gap.minutes - (120 - OBSERVATION_SECONDS / 60)) < 0.001);
  assert.equal(gap.from_utc, '2025-10-01T01:40:26Z');
  assert.deepEqual(
    [gap.open_at_end, since.from_utc, since.open_at_end],
    [false, '2025-10-01T04:26:47Z', true],
  );
  assert.ok(Math.abs(Date.parse(since.to_utc) - Date.now()) < 60_000, since.to_utc);
});

test('gaps at the ends of a window are those of the API; a window without observations is one', async (t) => {
  const space = workspace(t);
  await storeObservations(
    space.productsDb,
    Array.from({ length: 20 }, (_, i) => ({ mjd: 60949.5 + i * STEP_DAYS, decDeg: 54.57 })),
  );
  const app = await serverOf(t, space);
  for (const [from, to, expected] of [
    ['2025-10-01', '2025-10-01', [true, false, false, true]],
    ['2025-10-01T12:02:00', '2025-10-01', [false, true]],
    ['2025-10-02', '2025-10-03', [true, true]],
  ] as const) {
    const json = ['--from', from, '--to', to, '--json'];
    const { stdout } = await cli(['coverage', space.productsDb, ...json]);
    const gaps = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === 'gap');
    assert.deepEqual(
      gaps.flatMap(({ open_at_start, open_at_end }) => [open_at_start, open_at_end]),
      expected,
    );
    const start = Date.parse(`${from.includes('T') ? from : `${from}T00:00:00`}Z`) / 86_400_000 + 40_587;
    const end = Date.parse(to) / 86_400_000 + 40_588;
    const asked = `/api/pointing/gaps?start_mjd=${start}&end_mjd=${end}`;
    const { items } = (await app.inject(asked)).json();
    const spans = (all: { from_mjd: number; to_mjd: number }[]) =>
      all.map(({ from_mjd, to_mjd }) => [from_mjd.toFixed(6), to_mjd.toFixed(6)]);
    assert.deepEqual(spans(gaps), spans(items));
  }
});

test('--gap-minutes and --jump-threshold-deg decide what a gap and a dwell are', async (t) => {
  const { productsDb } = await made(t);
  const { stdout } = await cli([
    ...['coverage', productsDb, '--json', '--to', '2025-10-01T05:00'],
    ...['--gap-minutes', '180', '--jump-threshold-deg', '60'],
  ]);
  assert.equal(stdout.match(/"kind":"stay"/g)?.length, 1);
  assert.ok(!stdout.includes('"gap"'));
});

test('--csv gives one table', async (t) => {
  const { productsDb } = await made(t);
  const { stdout } = await cli(['coverage', productsDb, '--csv', 'dwells']);
  // Its former name.
  assert.equal((await cli(['coverage', productsDb, '--csv', 'stays'])).stdout, stdout);
  const [heading, first, ...others] = stdout.trimEnd().split('\n');
  assert.equal(heading, 'dec_deg,from_utc,to_utc,from_mjd,to_mjd,observations,seconds,instrument');
  assert.match(
    first ?? '',
    /^54\.57,2025-10-01T00:00:00Z,2025-10-01T01:37:51Z,60949,60949\.0679\d+,20,6180\.2\d+,DSA-110$/,
  );
  assert.equal(others.length, 1);
});

test('--svg and --moc write files; text for people goes to stdout all the same', async (t) => {
  const { path, productsDb } = await made(t);
  const [svg, json] = [join(path, 'c.svg'), join(path, 'c.json')];
  const { stdout, stderr } = await cli(['coverage', productsDb, '--svg', svg, '--moc', json]);
  assert.match(stdout, /30 observations\n\nbands\n.*\n +16\.0 +17\.0 +0\.86 /);
  assert.match(readFileSync(svg, 'utf8'), /^<svg .*<\/svg>\n$/s);
  const area = Number(/([\d.]+) square degrees, order 8/.exec(stderr)?.[1]);
  const cells = Object.entries(JSON.parse(readFileSync(json, 'utf8')) as Record<string, number[]>);
  const sum = cells.reduce(
    (all, [order, { length }]) => all + (length * 41252.96125) / (12 * 4 ** Number(order)),
    0,
  );
  assert.ok(Math.abs(sum - area) < 0.1, `${sum} is not ${area}`);
});

test('a history without rows is no error', async (t) => {
  const { productsDb } = await made(t);
  const { code, stdout } = await cli(['coverage', productsDb, '--from', '2026-01-01']);
  assert.equal(code, 0);
  assert.match(stdout, /nothing observed: 0 observations/);
});

for (const [what, args, message] of [
  ['a map of unknown format', ['--moc', 'c.png'], /--moc c\.png.*\.fits or \.json/],
  ['a place that cannot be written', ['--svg', '/no/such/c.svg'], /cannot write \/no\/such\/c\.svg/],
  ['an empty bin', ['--dec-bin-deg', '0'], /--dec-bin-deg/],
] as [string, string[], RegExp][]) {
  test(`${what}: one clear line and exit 2`, async (t) => {
    const { productsDb } = await made(t);
    const { code, stderr } = await cli(['coverage', productsDb, ...args]);
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
    assert.ok(!existsSync('c.png'));
  });
}

test('many declinations in the finest bins: a summary, a picture and a table', async (t) => {
  const { path, productsDb } = workspace(t);
  const declinations = Array.from({ length: 60 }, (_, i) => ({ mjd: 60949 + i, decDeg: i - 19.5 }));
  await storeObservations(productsDb, declinations);
  const svg = join(path, 'all.svg');
  const { code, stdout, stderr } = await cli(['coverage', productsDb, '--ra-bin-deg', '0.1', '--svg', svg]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(stdout.match(/^ +-?\d+\.0 +-?\d+\.0 +0\.09/gm)?.length, 60);
  assert.ok(existsSync(svg));
});

test('a telescope that has stopped is listed with its gap, and an open range ends now', async (t) => {
  const space = workspace(t);
  await storePointings(space, [
    { by: byDsa110, mjd: 60_949, decDeg: 54.57 },
    { by: byHera, mjd: 60_949, decDeg: -30.72 },
    { by: byHera, mjd: 60_952.5, decDeg: -30.72 },
  ]);
  const gaps = async (...args: string[]) =>
    (await cli(['coverage', space.productsDb, '--json', ...args])).stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === 'gap');
  const [hera, , dsa110, ...others] = await gaps('--from', '2025-10-03', '--to', '2025-10-04');
  assert.deepEqual(others, []);
  assert.deepEqual([hera.instrument, dsa110.instrument], ['HERA', 'DSA-110']);
  assert.ok(Math.abs(dsa110.minutes - 2 * 1440) < 1e-6, dsa110.minutes);
  const open = (await gaps('--days-back', '1')).map(({ instrument, open_at_end: isOpen }) => [
    instrument,
    isOpen,
  ]);
  assert.deepEqual(open.sort(), [
    ['DSA-110', true],
    ['HERA', true],
  ]);
});

test('edges of narrow bands are printed as they are, and an empty table has its columns', async (t) => {
  const { productsDb } = await made(t);
  const text = (await cli(['coverage', productsDb, '--dec-bin-deg', '0.05'])).stdout;
  assert.match(text, /^ +16\.20 +16\.25 /m);
  const json = (await cli(['coverage', productsDb, '--dec-bin-deg', '0.1', '--json'])).stdout;
  assert.ok(json.includes('"dec_min_deg":16.2,"dec_max_deg":16.3,'), json.slice(0, 200));
  const csv = async (...args: string[]) =>
    (await cli(['coverage', productsDb, '--csv', 'bands', ...args])).stdout.split('\n')[0];
  assert.equal(await csv('--from', '2026-01-01'), await csv());
});
