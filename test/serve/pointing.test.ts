import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fillHistory, rowsFrom, serverOf } from '../helpers/server.js';
import { root, workspace } from '../helpers/workspace.js';

const ARCSEC = 1 / 3600;

test('ICRS positions are those that astropy gives', async (t) => {
  const place = workspace(t);
  const golden = readFileSync(join(root, 'test/golden/golden.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ error }) => !error);
  assert.ok(golden.length > 3);
  fillHistory(
    place.productsDb,
    golden.map(({ mjd, ra_deg, dec_deg }) => ({ timestamp: mjd, ra_deg, dec_deg })),
  );
  const app = await serverOf(t, place);
  const { rawPayload } = await app.inject('/api/pointing/track');
  const track = new Float64Array(Uint8Array.from(rawPayload).buffer);
  const expected = golden.toSorted((a, b) => a.mjd - b.mjd);
  assert.equal(track.length, expected.length * 5);
  for (const [i, { mjd, ra_deg, dec_deg, ra_icrs_deg, dec_icrs_deg }] of expected.entries()) {
    const row = track.subarray(i * 5, i * 5 + 5);
    assert.deepEqual([...row.subarray(0, 3)], [mjd, ra_deg, dec_deg]);
    // Another site's diurnal aberration is all that a row without its site may cost.
    const cosDec = Math.cos((dec_icrs_deg * Math.PI) / 180);
    assert.ok(Math.abs((row[3] as number) - ra_icrs_deg) * cosDec < 0.5 * ARCSEC, `RA of row ${i}`);
    assert.ok(Math.abs((row[4] as number) - dec_icrs_deg) < 0.5 * ARCSEC, `Dec of row ${i}`);
  }
  const { observation } = (await app.inject('/api/pointing/latest')).json();
  assert.equal(observation.timestamp, expected.at(-1).mjd);
  assert.ok(Math.abs(observation.dec_icrs_deg - expected.at(-1).dec_icrs_deg) < 0.5 * ARCSEC);
});

test('rows that cannot be observations are left out, and do not cost the others theirs', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, [
    { timestamp: -500, ra_deg: 10, dec_deg: 20 },
    { timestamp: 60952, ra_deg: 10, dec_deg: 20 },
    { timestamp: 60953, ra_deg: 10, dec_deg: 120 },
  ]);
  const app = await serverOf(t, place);
  const { observation } = (await app.inject('/api/pointing/latest')).json();
  assert.equal(observation.timestamp, 60952);
  const { rawPayload } = await app.inject('/api/pointing/track');
  const track = new Float64Array(Uint8Array.from(rawPayload).buffer);
  assert.equal(track.length, 5);
  assert.equal(track[0], 60952);
});

test('changes of declination, and since when the telescope is at its declination', async (t) => {
  const place = workspace(t);
  const rows = [
    ...rowsFrom(60952, 5, 54.57),
    ...rowsFrom(60953, 5, 16.24),
    ...rowsFrom(60954, 5, 16.3),
    ...rowsFrom(60955, 5, 54.57),
  ];
  fillHistory(place.productsDb, rows);
  const app = await serverOf(t, place);
  const changes = async (query: string) => (await app.inject(`/api/pointing/changes${query}`)).json().items;
  assert.deepEqual(await changes(''), [
    { mjd: 60953, time_iso: '2025-10-05T00:00:00Z', from_deg: 54.57, to_deg: 16.24 },
    { mjd: 60955, time_iso: '2025-10-07T00:00:00Z', from_deg: 16.3, to_deg: 54.57 },
  ]);
  assert.equal((await changes('?threshold_deg=0.01')).length, 3);
  assert.equal((await changes('?start_mjd=60953')).length, 1);
  const { observation } = (await app.inject('/api/pointing/latest')).json();
  assert.equal(observation.at_declination_since_mjd, 60955);
});

test('coverage adds up time by band and bin', async (t) => {
  const place = workspace(t);
  const at = (timestamp: number, ra_deg: number, dec_deg: number) => ({ timestamp, ra_deg, dec_deg });
  const second = 1 / 86400;
  const [a, b, c] = [60952, 60952 + 100 * second, 60953];
  fillHistory(place.productsDb, [at(a, 10, 54.5), at(b, 200, 54.5), at(c, 10, 54.9), at(60954, 12, -0.5)]);
  const app = await serverOf(t, place);
  const { frame, bands } = (await app.inject('/api/pointing/coverage?dec_bin_deg=1&ra_bin_deg=90')).json();
  assert.equal(frame, 'apparent');
  const observation = 24 * 12.884901888;
  const close = (actual: number[], expected: number[]) => {
    for (const [i, value] of expected.entries())
      assert.ok(Math.abs((actual[i] as number) - value) < 1e-3, `${actual}`);
  };
  assert.deepEqual(
    bands.map(({ dec_min_deg }: { dec_min_deg: number }) => dec_min_deg),
    [-1, 54],
  );
  close(bands[0].ra_bin_seconds, [observation, 0, 0, 0]);
  close(bands[1].ra_bin_seconds, [100 + observation, 0, observation, 0]);
  close([bands[1].seconds], [100 + 2 * observation]);
});

test('gaps are the times from the end of one observation to the start of the next', async (t) => {
  const place = workspace(t);
  const at = (timestamp: number) => ({ timestamp, ra_deg: 10, dec_deg: 54.5 });
  const interval = 309 / 86400;
  fillHistory(place.productsDb, [at(60952), at(60952 + interval), at(60953), at(60953 + 10 * interval)]);
  const app = await serverOf(t, place);
  const gapsOf = async (parameters: string) =>
    (await app.inject(`/api/pointing/gaps${parameters}`)).json().items as {
      from_mjd: number;
      minutes: number;
    }[];
  const observationMinutes = (24 * 12.884901888) / 60;
  const expected = [1440 - 309 / 60 - observationMinutes, 3090 / 60 - observationMinutes];
  const found = await gapsOf('');
  assert.equal(found.length, 2);
  for (const [i, { minutes }] of found.entries())
    assert.ok(Math.abs(minutes - (expected[i] as number)) < 1e-3);
  assert.ok(Math.abs((found[0]?.from_mjd ?? 0) - (60952 + interval + observationMinutes / 2 / 1440)) < 1e-7);
  assert.equal((await gapsOf('?longer_than_minutes=60')).length, 1);
  assert.deepEqual(await gapsOf('?start_mjd=60953.5'), []);
});
