import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeObservations } from '../helpers/observations.js';
import { serverOf } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

/** 3C286 crosses the meridian then, at apparent declination 30.378 (astropy). */
const TRANSIT_OF_3C286_MJD = 60952.854388555;
const PATH = '/in/2025-10-04T20:27:45_sb00.hdf5';

test('a text stands for a source, a position, a date or a file', async (t) => {
  const place = workspace(t);
  await storeObservations(place.productsDb, [
    { mjd: TRANSIT_OF_3C286_MJD - 1, decDeg: 54.57 },
    { mjd: TRANSIT_OF_3C286_MJD, decDeg: 30.378, path: PATH },
  ]);
  const app = await serverOf(t, place);
  const of = async (text: string) =>
    (await app.inject(`/api/pointing/search?q=${encodeURIComponent(text)}`)).json();
  const byName = await of(' 3c 286 ');
  assert.equal(byName.kind, 'position');
  assert.equal(byName.observed.position.name, '3C286');
  const observed = (await app.inject('/api/pointing/observed?name=3C286')).json();
  assert.equal(observed.items.length, 1);
  assert.equal(byName.observed.items[0].path, PATH);
  assert.ok(byName.observed.items[0].peak_response > 0.9999);
  assert.equal(byName.observed.items[0].timestamp, observed.items[0].timestamp);
  for (const text of ['CasA', 'cas a', 'Cyg A', 'Tau A', 'For A', 'Pic A', 'Her A', 'Hya A', '3C461'])
    assert.equal((await of(text)).kind, 'position', text);
  const { position: cas } = (await of('casa')).observed;
  assert.deepEqual([cas.name, cas.ra_icrs_deg, cas.dec_icrs_deg], ['Cas A', 350.85, 58.815]);
  assert.equal((await app.inject('/api/pointing/observed?name=casa')).json().position.name, 'Cas A');
  const [virgo, listed] = [await of('Vir A'), await of('3C274')].map(({ observed }) => observed.position);
  assert.deepEqual({ ...virgo, name: '3C274' }, listed);
  const byPosition = await of('13:31:08.2881 +30:30:32.959');
  assert.equal(byPosition.observed.items.length, 1);
  assert.equal((await of('00:00:00 -20:00:00')).observed.position.last_utc, null);

  for (const name of [PATH, '2025-10-04T20:27:45_sb00.hdf5', '2025-10-04T20:27:47_sb13.hdf5'])
    assert.deepEqual(await of(name), { kind: 'observation', mjd: TRANSIT_OF_3C286_MJD }, name);
  assert.deepEqual(await of('2025-10-04'), { kind: 'date', start_mjd: 60952, end_mjd: 60953 });
  assert.equal((await of('2025-10-04 12:00')).start_mjd, 60952.5 - 1 / 24);
  for (const text of ['3C999', '2025-02-30', '2025-10-05T20:27:45_sb00.hdf5']) {
    const { error } = await of(text);
    assert.equal(error.code, 'not_found');
    assert.match(error.message, /is no known source, position, date or file: try 3C286/);
  }
  assert.equal((await app.inject('/api/pointing/search')).statusCode, 400);
});

test('of short observations that follow each other a name finds the one that began then', async (t) => {
  const place = workspace(t);
  const began = 60952 + (15 * 3600 + 12 * 60 + 13) / 86400;
  const minute = 1 / 1440;
  const observations = Array.from({ length: 5 }, (_, i) => ({
    mjd: began + (i + 0.5) * minute,
    decDeg: 54.57,
    seconds: 60,
  }));
  await storeObservations(place.productsDb, observations);
  const app = await serverOf(t, place);
  const { mjd } = (await app.inject('/api/pointing/search?q=2025-10-04T15:12:13_sb07.hdf5')).json();
  assert.equal(mjd, observations[0]?.mjd);
});
