import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openHistory, UsageError } from 'pointing-monitor';
import { cli } from '../helpers/cli.js';
import { storeObservations } from '../helpers/observations.js';
import { serverOf } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

/** 3C286 crosses the meridian then, at apparent declination 30.378 (astropy). */
const TRANSIT_MJD = 60952.854388555;
const SIDEREAL_DAY = 0.99726957;
const STEP_DAYS = 309 / 86400;
/** 3C286, ICRS. */
const POSITION = ['--ra', '202.7845', '--dec', '30.5092'];

/** Two dwells of a day each at 30.4 degrees, with one at 54.57 between, around three transits. */
async function observing(t: TestContext) {
  const place = workspace(t);
  const dwell = (day: number, decDeg: number) =>
    Array.from({ length: 40 }, (_, i) => ({
      mjd: TRANSIT_MJD + day * SIDEREAL_DAY + (i - 20) * STEP_DAYS,
      decDeg,
    }));
  await storeObservations(place.productsDb, [
    ...dwell(0, 30.4),
    ...dwell(1, 30.4),
    ...dwell(2, 54.57),
    ...dwell(3, 30.4),
  ]);
  const observed = async (...args: string[]) => {
    const finished = await cli(['observed', ...args, '--products-db', place.productsDb]);
    assert.equal(finished.code, 0, finished.stderr);
    return finished.stdout;
  };
  const json = async (...args: string[]) =>
    (await observed(...args, '--json'))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return { ...place, observed, json };
}

const sum = (rows: { seconds: number }[]) => rows.reduce((total, { seconds }) => total + seconds, 0);

test('every file of each pass, and totals by dwell and position that add up', async (t) => {
  const { json } = await observing(t);
  const lines = await json('3C286');
  const of = (kind: string) => lines.filter((line) => line.kind === kind);
  // The half-power beam takes 12.6 minutes at this declination: three or four files a pass, the drift within them included.
  assert.equal(of('observation').length, 9);
  assert.ok(
    of('observation').every(
      ({ path, sub_bands_on_disk }) => path.endsWith('_sb00.hdf5') && sub_bands_on_disk === 0,
    ),
  );
  const [position] = of('position');
  assert.equal(position.observations, 9);
  assert.ok(Math.abs(position.seconds - 3 * 755) < 10, position.seconds);
  // Files last 0.24 s longer than it is from one to the next: that time counts once.
  const overlapMs = of('observation').map(({ in_utc }, i, all) =>
    i === 0 ? 0 : Math.max(0, Date.parse(all[i - 1].out_utc) - Date.parse(in_utc)),
  );
  const shared = overlapMs.reduce((total, each) => total + each, 0) / 1000;
  assert.ok(shared > 1 && shared < 2, String(shared));
  assert.ok(Math.abs(sum(of('observation')) - shared - position.seconds) < 0.01);
  assert.deepEqual(
    of('dwell').map(({ observations, dec_deg }) => [observations, dec_deg]),
    [
      [6, 30.4],
      [3, 30.4],
    ],
  );
  assert.ok(Math.abs(sum(of('dwell')) - position.seconds) < 1e-6);
  assert.equal(position.last_utc, of('observation').at(-1).out_utc);
});

test('by day; a wider beam has more; a range of times less', async (t) => {
  const { json } = await observing(t);
  const days = (await json('3C286', '--by', 'day')).filter(({ kind }) => kind === 'day');
  assert.deepEqual(
    days.map(({ date, observations }) => [date, observations]),
    [
      ['2025-10-04', 3],
      ['2025-10-05', 3],
      ['2025-10-07', 3],
    ],
  );
  const files = async (...args: string[]) =>
    (await json(...POSITION, ...args)).filter(({ kind }) => kind === 'observation').length;
  assert.ok((await files('--response', '0.1')) > 9);
  assert.ok((await files('--radius-deg', '0.2')) < 9);
  assert.equal(await files('--from', '2025-10-05', '--to', '2025-10-05'), 3);
});

test('if the telescope stays, the next pass is a sidereal day after the last; elsewhere there is none', async (t) => {
  const { json } = await observing(t);
  const askedAt = Date.now();
  const [here] = (await json('3C286', '--by', 'position')) as [Record<string, string>];
  const middle = (Date.parse(here.next_in_utc ?? '') + Date.parse(here.next_out_utc ?? '')) / 2;
  const turns = (middle / 86_400_000 + 40_587 - TRANSIT_MJD) / SIDEREAL_DAY;
  assert.ok(Math.abs(turns - Math.round(turns)) < 1e-3, `${turns}`);
  assert.ok(Date.parse(here.next_out_utc ?? '') > askedAt);
  assert.ok(middle < Date.now() + 86_400_000);
  const [elsewhere] = await json('--ra', '10', '--dec', '-30', '--by', 'position');
  assert.deepEqual([elsewhere.observations, elsewhere.last_utc, elsewhere.next_in_utc], [0, null, null]);
});

test('many positions from a CSV file; CSV and VOTable', async (t) => {
  const { path, observed, json } = await observing(t);
  const positions = join(path, 'positions.csv');
  writeFileSync(
    positions,
    'name,RA,Dec\n"a, b",202.7845,30.5092\nnowhere,10,-30\n,202.7845,31\n5,1,1\n6,2,2\n',
  );
  const all = await json('--positions', positions, '--by', 'position');
  assert.deepEqual(
    all.map(({ name, observations }) => [name, observations > 0]),
    [
      ['a, b', true],
      ['nowhere', false],
      ['202.7845 31', true],
      ['5', false],
      ['6', false],
    ],
  );
  const csv = await observed('--positions', positions, '--csv');
  assert.match(csv, /^name,timestamp,in_utc,out_utc,offset_deg,/);
  assert.equal(csv.split('\n').filter((line) => line.startsWith('"a, b",')).length, 9);
  assert.match(await observed(...POSITION, '--votable', '--by', 'dwell'), /<FIELD ID="since_utc"/);
});

test('what cannot be is said in one line', async (t) => {
  const { path, productsDb } = await observing(t);
  const positions = join(path, 'positions.csv');
  writeFileSync(positions, 'ra,dec\n1,2\n1,95\n');
  for (const [args, message] of [
    [[], /no position: name a source/],
    [['3C286', '--radius-deg', '1', '--response', '0.5'], /--radius-deg or --response/],
    [['3C286', '--response', '1'], /--response/],
    [['--positions', positions], /positions\.csv, line 3: dec "95"/],
    [['--positions', join(path, 'none.csv')], /cannot read positions/],
    [['3C286', '--csv', '--json'], /one of --json/],
  ] as const) {
    const { code, stderr } = await cli(['observed', ...args, '--products-db', productsDb]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1);
  }
});

test('the package and the API give the same', async (t) => {
  const place = await observing(t);
  const lines = await place.json('3C286');
  await using history = await openHistory(place.productsDb);
  const { sightings, dwells, days, position } = await history.observed('3C286');
  assert.deepEqual(
    sightings.map(({ path }) => path),
    lines.filter(({ kind }) => kind === 'observation').map(({ path }) => path),
  );
  assert.deepEqual([dwells.length, days.length, position.observations], [2, 3, 9]);
  await assert.rejects(history.observed('nobody'), UsageError);
  const app = await serverOf(t, place);
  const answer = (await app.inject('/api/pointing/observed?name=3C286')).json();
  const { kind: _, ...first } = lines[0];
  delete first.sub_bands_on_disk;
  assert.deepEqual(first, answer.items[0]);
  assert.equal(answer.position.observations, 9);
  assert.deepEqual(
    answer.days.map(({ date }: { date: string }) => date),
    ['2025-10-04', '2025-10-05', '2025-10-07'],
  );
  for (const [query, parameter] of [
    ['', 'ra'],
    ['ra=1', 'dec'],
    ['name=nobody', 'name'],
    ['name=3C286&ra=1', 'name'],
    ['ra=1&dec=1&radius_deg=1&response=0.5', 'response'],
    ['ra=1&dec=91', 'dec'],
    ['ra=1&dec=1&response=1', 'response'],
  ]) {
    const wrong = await app.inject(`/api/pointing/observed?${query}`);
    assert.equal(wrong.statusCode, 400, query);
    assert.equal(wrong.json().error.parameter, parameter, query);
  }
});

test('sub-bands are counted for files that are named as one, and 0 is said only of what has gone', async (t) => {
  const { productsDb } = workspace(t);
  await storeObservations(productsDb, [
    { mjd: TRANSIT_MJD, decDeg: 30.4, path: '/in/zen.2459122.25108.sum.uvh5' },
    { mjd: TRANSIT_MJD + SIDEREAL_DAY, decDeg: 30.4, path: '/in/2025-10-05T20:26:00_sb00.hdf5' },
  ]);
  const { stdout } = await cli(['observed', '3C286', '--products-db', productsDb, '--json']);
  const counts = stdout
    .split('\n')
    .filter((line) => line.includes('"observation"'))
    .map((line) => JSON.parse(line).sub_bands_on_disk);
  assert.deepEqual(counts, [null, 0]);
});

test('the heading of a file of positions is checked by itself', async (t) => {
  const { path, productsDb } = workspace(t);
  const file = join(path, 'positions.csv');
  for (const [text, message] of [
    ['ra,dec,name\n', 'no positions in the file'],
    ['', 'no positions in the file'],
    ['name,dec\n', 'no column ra: start the file'],
    ['ra,name\n10,a\n', 'no column dec: start the file'],
    ['ra,dec,ra\n10,20,30\n', 'more than one column ra: '],
    ['RA,dec,ra\n10,20,30\n', 'more than one column ra: '],
    ['ra,dec,name,Name\n10,20,a,b\n', 'more than one column name: '],
  ] as const) {
    writeFileSync(file, text);
    const { code, stderr } = await cli(['observed', '--positions', file, '--products-db', productsDb]);
    assert.equal(code, 2, text);
    assert.ok(stderr.includes(`${file}: ${message}`), `${text}: ${stderr}`);
  }
});

test('an error in a file of positions names its line, and numbers are as people write them', async (t) => {
  const { path, productsDb } = workspace(t);
  const file = join(path, 'positions.csv');
  for (const [text, line] of [
    ['ra,dec\n\n10,95\n', 3],
    ['ra,dec\n0x1F,10\n', 2],
  ] as const) {
    writeFileSync(file, text);
    const { code, stderr } = await cli(['observed', '--positions', file, '--products-db', productsDb]);
    assert.equal(code, 2);
    assert.ok(stderr.includes(`line ${line}: `), stderr);
  }
});
