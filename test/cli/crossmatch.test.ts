import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { beamOf } from '#src/sky/beam.js';
import { dsa110 } from '#src/sky/instrument.js';
import { cli } from '../helpers/cli.js';
import { query } from '../helpers/database.js';
import { storeObservations } from '../helpers/observations.js';
import { workspace } from '../helpers/workspace.js';

/** 3C286 crosses the meridian at 2025-10-04T20:30:19.2, at apparent declination 30.378 (astropy). */
const TRANSIT_MJD = 60952.854388555;
const SOURCE_DEC_DEG = 30.3775;
const MINUTE = 1 / 1440;
const RANGE = ['--from', '2025-10-04', '--to', '2025-10-04'];

async function observing(
  t: TestContext,
  offsets: readonly { minutes: number; decDeg: number; seconds?: number }[],
) {
  const { incoming, productsDb } = workspace(t);
  const path = join(incoming, '2025-10-04T20:27:00_sb00.hdf5');
  await storeObservations(
    productsDb,
    offsets.map(({ minutes, ...observed }, i) => ({
      ...observed,
      mjd: TRANSIT_MJD + minutes * MINUTE,
      path: i === 0 ? path : `${path}.${i}`,
    })),
  );
  const crossmatch = async (...args: string[]) => {
    const range = args.includes('--from') ? [] : RANGE;
    const finished = await cli(['crossmatch', ...range, '--products-db', productsDb, '--json', ...args]);
    assert.equal(finished.code, 0, finished.stderr);
    return finished.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  };
  return { incoming, productsDb, path, crossmatch };
}

test('the observation that holds the transit: file, minutes, declination offset and beam response', async (t) => {
  const { path, crossmatch } = await observing(t, [
    { minutes: 1, decDeg: 31 },
    { minutes: -4.15, decDeg: 31 },
  ]);
  const [found, ...others] = await crossmatch('3C286');
  assert.deepEqual(others, []);
  assert.equal(found.name, '3C286');
  assert.equal(found.path, path);
  assert.deepEqual([found.observed, found.inside, found.in_beam], [true, true, true]);
  assert.ok(Math.abs(found.minutes_from_mid + 1) < 0.01);
  assert.ok(Math.abs(found.dec_offset_deg - (SOURCE_DEC_DEG - 31)) < 0.002);
  assert.ok(Math.abs(found.beam_response - beamOf(dsa110).response(31 - SOURCE_DEC_DEG)) < 0.002);
});

test('a transit outside the observation counts within the pad, and is marked', async (t) => {
  const { crossmatch } = await observing(t, [{ minutes: 9, decDeg: 30.4 }]);
  const [near] = await crossmatch('3C286');
  assert.deepEqual([near.observed, near.inside, near.in_beam], [true, false, false]);
  const [far] = await crossmatch('3C286', '--time-pad-minutes', '5');
  assert.deepEqual([far.observed, far.path, far.sub_bands_on_disk], [false, null, null]);
});

test('another declination did not observe it, however near in time', async (t) => {
  const { crossmatch } = await observing(t, [{ minutes: 0, decDeg: 32 }]);
  assert.equal((await crossmatch('3C286'))[0].observed, false);
  assert.equal((await crossmatch('3C286', '--dec-tolerance-deg', '2'))[0].observed, true);
});

test('a pad longer than a dwell gives no transit twice, and each its nearest observation', async (t) => {
  const day = 0.99726957 * 1440;
  const { crossmatch } = await observing(t, [
    ...[-400, -10, 300].map((minutes) => ({ minutes, decDeg: 30.4 })),
    ...[600, day - 5, day + 200].map((minutes) => ({ minutes, decDeg: 30.8 })),
  ]);
  const range = ['--from', '2025-10-03', '--to', '2025-10-07', '--time-pad-minutes', '1440'];
  for (const more of [['--min-flux-jy', '10'], ['3C286']]) {
    const found = await crossmatch(...more, ...range);
    const observed = found.filter(({ observed }) => observed);
    assert.deepEqual(
      observed.map(({ transit_utc, minutes_from_mid }) => [
        transit_utc.slice(0, 10),
        Math.round(minutes_from_mid),
      ]),
      [
        ['2025-10-03', Math.round(400 - day)],
        ['2025-10-04', 10],
        ['2025-10-05', 5],
        ['2025-10-06', Math.round(day - 200)],
      ],
    );
  }
});

test('all sixteen sub-bands are found by names within a minute, and nothing of the neighbours', async (t) => {
  const { incoming, crossmatch } = await observing(t, [{ minutes: 0, decDeg: 30.4 }]);
  const touch = (name: string) => writeFileSync(join(incoming, name), '');
  for (let i = 0; i < 14; i++) {
    const second = String(50 + (i % 10)).padStart(2, '0');
    touch(`2025-10-04T20:26:${second}_sb${String(i).padStart(2, '0')}.hdf5`);
  }
  // Two names of one sub-band are one sub-band; those of the observations before and after are not of this one.
  touch('2025-10-04T20:27:01_sb03.hdf5');
  touch('2025-10-04T20:21:51_sb14.hdf5');
  touch('2025-10-04T20:32:09_sb15.hdf5');
  touch('2025-10-04T20:27:00_sb14_incomplete.hdf5');
  assert.equal((await crossmatch('3C286'))[0].sub_bands_on_disk, 14);
});

test('without a name: only what was observed; --store puts it into cal_transits, once', async (t) => {
  const { productsDb, crossmatch } = await observing(t, [{ minutes: 0, decDeg: 30.4 }]);
  const found = await crossmatch('--store', '--min-flux-jy', '10');
  assert.deepEqual(
    found.map(({ name }) => name),
    ['1331+305'],
  );
  await crossmatch('--store', '--least-flux-jy', '10');
  // By whichever of its names somebody asks for it.
  for (const name of ['3C286', '1331+305', 'J1331+3030']) await crossmatch(name, '--store');
  assert.deepEqual(query(productsDb, 'SELECT src_name, transit_mjd FROM cal_transits'), [
    { src_name: '1331+305', transit_mjd: found[0].transit_mjd },
  ]);
});

test('--store of a named source leaves out the transits that were missed, listed or not', async (t) => {
  const { productsDb, crossmatch } = await observing(t, [{ minutes: 0, decDeg: 30.4 }]);
  const range = ['--from', '2025-10-03', '--to', '2025-10-05'];
  const found = await crossmatch('3C286', '--store', '--missed', ...range);
  assert.deepEqual(
    found.map(({ observed }) => observed),
    [false, true, false],
  );
  assert.deepEqual(query(productsDb, 'SELECT transit_mjd FROM cal_transits'), [
    { transit_mjd: found[1].transit_mjd },
  ]);
});

test('a transit before or after the file counts, and is stored only if the file had the source in the beam', async (t) => {
  const { productsDb, crossmatch } = await observing(t, [{ minutes: 12.5, decDeg: 30.4 }]);
  const [found] = await crossmatch('3C286', '--store');
  assert.deepEqual([found.observed, found.inside, found.in_beam], [true, false, false]);
  assert.deepEqual(query(productsDb, 'SELECT * FROM cal_transits'), []);
  const { stdout } = await cli(['crossmatch', '3C286', '--to', '2025-10-04', '--products-db', productsDb]);
  assert.match(stdout, /observed 1 of \d+ transits, 0 with the source in the beam; last observed/);
});

test('a table for people', async (t) => {
  const { productsDb, path } = await observing(t, [{ minutes: 1, decDeg: 31 }]);
  const range = ['--from', '2025-10-04', '--to', '2025-10-05'];
  const { stdout } = await cli(['crossmatch', '3C286', '--products-db', productsDb, ...range]);
  assert.match(
    stdout,
    new RegExp(
      `3C286 + 2025-10-04T20:30:19 +-1\\.00 +yes +-0\\.62\\d +0\\.8\\d+ +0 of 16 +0 +${path}\nobserved 1 of 2 transits; last observed 2025-10-04 \\(--missed lists the others\\)\n$`,
    ),
  );
  const all = await cli(['crossmatch', '3C286', '--products-db', productsDb, ...range, '--missed']);
  assert.match(
    all.stdout,
    /2025-10-05T20:26:\d\d +missed\nobserved 1 of 2 transits; last observed 2025-10-04\n$/,
  );
});

test('a transit belongs to the observation that holds it, not to a short one with a nearer middle', async (t) => {
  const { crossmatch } = await observing(t, [
    { minutes: -45.77 / 60, decDeg: 30.4, seconds: 51.54 },
    { minutes: 134.62 / 60, decDeg: 30.4, seconds: 309.24 },
  ]);
  const [found] = await crossmatch('3C286');
  assert.deepEqual([found.inside, found.minutes_from_mid.toFixed(1)], [true, '-2.2']);
});

test('the pad counts from the end of the observation itself, however long others are', async (t) => {
  const { crossmatch } = await observing(t, [
    { minutes: -100 / 60, decDeg: 30.4, seconds: 51.54 },
    { minutes: -600, decDeg: 30.4, seconds: 309.24 },
  ]);
  assert.equal((await crossmatch('3C286', '--time-pad-minutes', '1'))[0].observed, false);
  assert.equal((await crossmatch('3C286', '--time-pad-minutes', '1.3'))[0].observed, true);
});

test('of two observations with a jump between them that match, one is the match and the other one more', async (t) => {
  const { crossmatch } = await observing(t, [
    { minutes: -2, decDeg: 30.4 },
    { minutes: 3.15, decDeg: 30.55 },
  ]);
  const [found] = await crossmatch('3C286');
  assert.deepEqual([found.minutes_from_mid.toFixed(0), found.others_in_beam], ['2', 1]);
});

test('an end long ago is preceded by 21 days, as now is', async (t) => {
  const { productsDb } = await observing(t, [{ minutes: 1, decDeg: 30.4 }]);
  const args = ['crossmatch', '3C286', '--to', '2025-10-10', '--products-db', productsDb];
  const { code, stdout } = await cli(args);
  assert.equal(code, 0);
  assert.match(stdout, /observed 1 of 21 transits; last observed 2025-10-04/);
});
