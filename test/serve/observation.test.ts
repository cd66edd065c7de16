import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { storeObservations } from '../helpers/observations.js';
import { fillHistory, rowsFrom, serverOf } from '../helpers/server.js';
import { root, workspace } from '../helpers/workspace.js';

const ARCSEC = 1 / 3600;
/** 3C286 crosses the meridian then, at apparent declination 30.378 (astropy). */
const TRANSIT_OF_3C286_MJD = 60952.854388555;

test('an observation in every frame is as astropy has it', async (t) => {
  const place = workspace(t);
  const [heading = '', ...lines] = readFileSync(join(root, 'test/golden/observation.tsv'), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  const golden = lines.map((line) => {
    const cells = line.split('\t').map(Number);
    return Object.fromEntries(heading.split('\t').map((name, i) => [name, cells[i] as number]));
  }) as Record<string, number>[];
  assert.equal(golden.length, 7);
  fillHistory(
    place.productsDb,
    golden.map(({ mjd = 0, ra_deg = 0, dec_deg = 0 }) => ({ timestamp: mjd, ra_deg, dec_deg })),
  );
  const app = await serverOf(t, place);
  for (const expected of golden) {
    const found = (await app.inject(`/api/pointing/observation?mjd=${expected.mjd}`)).json();
    const near = (actual: number, value: number | undefined, scale = 1) => {
      const difference = Math.abs(((actual - (value as number) + 540) % 360) - 180) * scale;
      assert.ok(difference < 0.5 * ARCSEC, `${actual} ${value}`);
    };
    const cos = (deg: number | undefined) => Math.cos(((deg as number) * Math.PI) / 180);
    near(found.ha_deg, expected.ha_deg);
    near(found.elevation_deg, expected.elevation_deg);
    if (expected === golden.at(-1)) {
      const { observation } = (await app.inject('/api/pointing/latest')).json();
      near(observation.elevation_deg, expected.elevation_deg);
    }
    near(found.azimuth_deg, expected.azimuth_deg, cos(expected.elevation_deg));
    near(found.galactic_l_deg, expected.l_deg, cos(expected.b_deg));
    near(found.galactic_b_deg, expected.b_deg);
    near(found.ra_icrs_deg, expected.ra_icrs_deg, cos(expected.dec_icrs_deg));
    near(found.dec_icrs_deg, expected.dec_icrs_deg);
  }
});

test('an observation has its file, its sub-bands on disk, its neighbours and what was in its beam', async (t) => {
  const place = workspace(t);
  const name = (second: number, subBand: number) =>
    join(place.incoming, `2025-10-04T20:27:4${second}_sb${String(subBand).padStart(2, '0')}.hdf5`);
  mkdirSync(place.incoming, { recursive: true });
  // Each host names its files by its own clock.
  for (const [second, subBand] of [
    [5, 0],
    [5, 3],
    [7, 12],
    [2, 15],
  ] as const)
    writeFileSync(name(second, subBand), '');
  mkdirSync(name(5, 8));
  writeFileSync(join(place.incoming, '2025-10-04T20:29:45_sb01.hdf5'), '');
  const interval = 309 / 86_400;
  const times = [-1, 0, 1].map((i) => TRANSIT_OF_3C286_MJD + i * interval);
  await storeObservations(
    place.productsDb,
    times.map((mjd, i) => ({ mjd, decDeg: 30.378, ...(i === 1 && { path: name(5, 0) }) })),
  );
  const app = await serverOf(t, place);
  const of = async (query: string) => app.inject(`/api/pointing/observation?${query}`);
  const found = (await of(`path=${encodeURIComponent(name(5, 0))}`)).json();
  assert.equal(found.timestamp, times[1]);
  assert.deepEqual(found.sub_bands, [0, 3, 12, 15]);
  assert.deepEqual(found.quality, ['even']);
  assert.deepEqual([found.previous_mjd, found.next_mjd], [times[0], times[2]]);
  const [first] = found.calibrators;
  assert.equal(first.alt_name, '3C286');
  assert.ok(first.offset_deg < 0.001 && first.peak_response > 0.9999);
  // A time during it finds it as well; its neighbour's file is not on disk.
  assert.deepEqual((await of(`mjd=${TRANSIT_OF_3C286_MJD + 0.4 * interval}`)).json(), found);
  const neighbour = (await of(`mjd=${times[2]}`)).json();
  assert.deepEqual([neighbour.sub_bands, neighbour.next_mjd], [[], null]);

  const { items } = (await app.inject('/api/pointing/recent?limit=2')).json();
  assert.deepEqual(
    items.map((item: { timestamp: number; sub_bands: number[] }) => [item.timestamp, item.sub_bands]),
    [
      [times[2], []],
      [times[1], [0, 3, 12, 15]],
    ],
  );
});

test('what is not there is 404, and an ambiguous question 400', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, rowsFrom(60952, 2, 30));
  const app = await serverOf(t, place);
  const of = async (query: string) => {
    const answer = await app.inject(`/api/pointing/observation${query}`);
    return [answer.statusCode, answer.json().error?.code, answer.json().error?.message] as const;
  };
  assert.equal((await of('?mjd=60952'))[0], 200);
  assert.deepEqual(await of('?mjd=60953'), [404, 'not_found', 'no observation of MJD 60953 is stored']);
  assert.deepEqual(await of('?path=/in/none.hdf5'), [
    404,
    'not_found',
    'no observation of /in/none.hdf5 is stored',
  ]);
  assert.equal((await of(''))[0], 400);
  assert.equal((await of('?mjd=60952&path=/a'))[0], 400);
  assert.equal((await app.inject('/api/pointing/observation?mjd=60952')).json().sub_bands, null);
});
