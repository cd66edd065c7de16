import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SkyAnswer } from 'pointing-monitor/types';
import { astrometry } from '#src/native/astrometry.js';
import { dsa110 } from '#src/sky/site.js';
import { mjdUtcOfUnix, unixSeconds } from '#src/units.js';
import { fillHistory, serverOf } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

test('the path of the next day is that of the hour angle and declination of the newest row', async (t) => {
  const place = workspace(t);
  const now = mjdUtcOfUnix(unixSeconds(Date.now() / 1000));
  const lstDeg = astrometry().apparentSiderealTimeDeg(now, dsa110.longitudeDeg);
  fillHistory(place.productsDb, [{ timestamp: now, ra_deg: (lstDeg + 350) % 360, dec_deg: 54.57 }]);
  const app = await serverOf(t, place);
  const { mjd: answered, path, site, sun, moon } = (await app.inject('/api/pointing/sky')).json<SkyAnswer>();
  assert.equal(site.latitude_deg, dsa110.latitudeDeg);
  for (const { elevation_deg } of [sun, moon]) assert.ok(Math.abs(elevation_deg) <= 90);
  for (const [name, { crossing }] of Object.entries({ sun, moon })) {
    assert.ok(crossing && crossing.mjd > answered && crossing.mjd < answered + 1.05, name);
    const then = astrometry().sunAndMoon(crossing.mjd, dsa110)[name as 'sun' | 'moon'];
    const place = astrometry().apparentPlaceOfIcrs(then.raIcrsDeg, then.decIcrsDeg, crossing.mjd, dsa110);
    assert.ok(Math.abs(place.haDeg - 10) < 0.01, `${name} ${place.haDeg}`);
    assert.ok(Math.abs(crossing.offset_deg - (place.decDeg - 54.57)) < 0.001, name);
  }
  assert.equal(path.length, 145);
  for (const { mjd, ra_icrs_deg, dec_icrs_deg } of [path[0], path[72], path[144]] as SkyAnswer['path']) {
    const { haDeg, decDeg } = astrometry().apparentPlaceOfIcrs(ra_icrs_deg, dec_icrs_deg, mjd, dsa110);
    assert.ok(Math.abs(haDeg - 10) < 1e-4 && Math.abs(decDeg - 54.57) < 1e-4, `${haDeg} ${decDeg}`);
  }
  assert.ok((path[0]?.mjd ?? 0) <= answered && (path[1]?.mjd ?? 0) > answered);
});

test('nothing stored: no path, but the Sun and the Moon', async (t) => {
  const app = await serverOf(t, workspace(t));
  const sky = (await app.inject('/api/pointing/sky')).json<SkyAnswer>();
  assert.deepEqual(sky.path, []);
  assert.ok(Number.isFinite(sky.sun.ra_icrs_deg));
  assert.equal(sky.moon.crossing, null);
});
