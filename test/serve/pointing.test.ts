import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { LightMyRequestResponse } from 'fastify';
import type { GapsAnswer, LatestAnswer, TransitsAnswer } from 'pointing-monitor/types';
import { mjdUtcOfUnix, unixSeconds } from '#src/units.js';
import { storeObservations } from '../helpers/observations.js';
import { fillHistory, restOf, rowsFrom, serverOf } from '../helpers/server.js';
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
    { mjd: 60953, time_iso: '2025-10-05T00:00:00Z', from_deg: 54.57, to_deg: 16.24, instrument: 'DSA-110' },
    { mjd: 60955, time_iso: '2025-10-07T00:00:00Z', from_deg: 16.3, to_deg: 54.57, instrument: 'DSA-110' },
  ]);
  assert.equal((await changes('?threshold_deg=0.01')).length, 3);
  assert.equal((await changes('?start_mjd=60953')).length, 2);
  assert.equal((await changes('?start_mjd=60953.001')).length, 1);
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
  const half = observationMinutes / 2 / 1440;
  const expected = [1440 - 309 / 60 - observationMinutes, 3090 / 60 - observationMinutes];
  const found = await gapsOf('?end_mjd=60953.036');
  assert.equal(found.length, 2);
  for (const [i, { minutes }] of found.entries())
    assert.ok(Math.abs(minutes - (expected[i] as number)) < 1e-3);
  assert.ok(Math.abs((found[0]?.from_mjd ?? 0) - (60952 + interval + half)) < 1e-7);
  assert.equal((await gapsOf('?longer_than_minutes=60&end_mjd=60953.036')).length, 1);
});

test('a gap that is open at an edge of the span is marked, and none reaches into the future', async (t) => {
  const place = workspace(t);
  const at = (timestamp: number) => ({ timestamp, ra_deg: 10, dec_deg: 54.5 });
  fillHistory(place.productsDb, [at(60952), at(60953)]);
  const app = await serverOf(t, place);
  const gapsOf = async (parameters: string) => {
    const { items } = (await app.inject(`/api/pointing/gaps?${parameters}`)).json();
    return items.map((gap: GapsAnswer['items'][number]) => [
      Math.round(gap.minutes),
      gap.open_at_start,
      gap.open_at_end,
    ]);
  };
  // An observation takes 5.15 minutes.
  assert.deepEqual(await gapsOf('start_mjd=60951&end_mjd=60954'), [
    [1437, true, false],
    [1435, false, false],
    [1437, false, true],
  ]);
  assert.deepEqual(await gapsOf('start_mjd=60952.4&end_mjd=60952.5'), [[144, true, true]]);
  assert.deepEqual(await gapsOf('start_mjd=60952.001&end_mjd=60952.5'), [[717, false, true]]);
  assert.deepEqual(await gapsOf('start_mjd=60951.999&end_mjd=60952.5&longer_than_minutes=1'), [
    [717, false, true],
  ]);
  assert.deepEqual(await gapsOf('start_mjd=70000&end_mjd=70001'), []);
  const { items } = (await app.inject('/api/pointing/gaps')).json();
  const now = Date.now() / 86_400_000 + 40_587;
  assert.ok(items[1].open_at_end && now - items[1].to_mjd < 3 / 1440 && items[1].to_mjd <= now);
});

test('a list that is too long is cut, and its Link header leads through all the rest', async (t) => {
  const place = workspace(t);
  const rows = Array.from({ length: 50 }, (_, i) => ({ timestamp: 60000 + i, ra_deg: 10, dec_deg: i % 7 }));
  fillHistory(place.productsDb, rows);
  const app = await serverOf(t, place);
  for (const [question, count] of [
    ['gaps?longer_than_minutes=0&end_mjd=60060', 50],
    ['changes?threshold_deg=0', 49],
  ] as const) {
    const whole = (await app.inject(`/api/pointing/${question}`)).json().items;
    assert.equal(whole.length, count);
    const seen: unknown[] = [];
    let url: string | undefined = `/api/pointing/${question}&limit=12`;
    while (url) {
      const answer: LightMyRequestResponse = await app.inject(url);
      assert.ok(answer.json().items.length <= 12);
      seen.push(...answer.json().items);
      url = restOf(url, answer);
      assert.ok(seen.length <= count);
    }
    assert.deepEqual(seen, whole);
  }
});

test('the Link to a last gap that is open leads to it, where observations follow the span', async (t) => {
  const place = workspace(t);
  const at = (timestamp: number) => ({ timestamp, ra_deg: 10, dec_deg: 54.5 });
  fillHistory(place.productsDb, [at(60952), at(60953), at(60954.2)]);
  const app = await serverOf(t, place);
  const url = '/api/pointing/gaps?start_mjd=60952&end_mjd=60954&limit=1';
  const first = await app.inject(url);
  const { items } = (await app.inject(String(restOf(url, first)))).json();
  assert.equal(items.length, 1);
  assert.deepEqual([items[0].open_at_end, items[0].to_mjd], [true, 60954]);
});

test('coverage by bins that are too many is refused', async (t) => {
  const place = workspace(t);
  fillHistory(
    place.productsDb,
    Array.from({ length: 100 }, (_, i) => ({ timestamp: 60000 + i, ra_deg: 10, dec_deg: i / 2 })),
  );
  const app = await serverOf(t, place);
  const answer = await app.inject('/api/pointing/coverage?dec_bin_deg=0.1&ra_bin_deg=0.1');
  assert.equal(answer.statusCode, 400);
  assert.equal(answer.json().error.parameter, 'ra_bin_deg');
  assert.equal((await app.inject('/api/pointing/coverage?dec_bin_deg=0.1&ra_bin_deg=1')).statusCode, 200);
});

test('an outline of the track has few rows, and all where the telescope moved', async (t) => {
  const place = workspace(t);
  const rows = [
    ...rowsFrom(60952, 5000, 54.57),
    ...rowsFrom(60990, 3, 16.24),
    ...rowsFrom(60991, 5000, 54.57),
  ];
  fillHistory(place.productsDb, rows);
  const app = await serverOf(t, place);
  const track = async (parameters: string) => {
    const { rawPayload, headers } = await app.inject(`/api/pointing/track${parameters}`);
    const values = new Float64Array(Uint8Array.from(rawPayload).buffer);
    return {
      headers,
      rows: Array.from({ length: values.length / 5 }, (_, i) => [...values.subarray(i * 5, i * 5 + 5)]),
    };
  };
  const whole = await track('');
  assert.equal(whole.rows.length, rows.length);
  const { rows: few, headers } = await track('?max_points=200');
  assert.equal(headers['pointing-rows'], String(rows.length));
  assert.ok(few.length <= 200 && few.length > 100, String(few.length));
  assert.equal(headers['pointing-stride'], String(Math.ceil(rows.length / (200 - 4))));
  for (const row of few)
    assert.deepEqual(
      row,
      whole.rows.find(([mjd]) => mjd === row[0]),
    );
  const kept = new Set(few.map(([mjd]) => mjd));
  for (const edge of [4999, 5000, 5002, 5003])
    assert.ok(kept.has(rows[edge]?.timestamp as number), String(edge));
  assert.deepEqual((await track('?max_points=50000')).rows, whole.rows);
});

test('a track whose first bytes look compressed is what its headers call it', async (t) => {
  const place = workspace(t);
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(60952);
  // As RFC 1950 begins.
  bytes[0] = 0x78;
  bytes[1] = 0x01;
  const first = bytes.readDoubleLE();
  fillHistory(place.productsDb, [
    { timestamp: first, ra_deg: 10, dec_deg: 54.57 },
    ...rowsFrom(60952.01, 200, 54.57),
  ]);
  const app = await serverOf(t, place);
  for (const parameters of ['', '?max_points=1000']) {
    const { rawPayload, headers } = await app.inject({
      url: `/api/pointing/track${parameters}`,
      headers: { 'accept-encoding': 'gzip' },
    });
    const body = headers['content-encoding'] === 'gzip' ? gunzipSync(rawPayload) : rawPayload;
    assert.equal(body.readDoubleLE(), first);
    assert.equal(body.length, 201 * 40);
  }
});

test('the calendar is the time on sky by day and hour', async (t) => {
  const place = workspace(t);
  fillHistory(place.productsDb, [...rowsFrom(60952.5, 5, 54.57), ...rowsFrom(60954.5, 5, 16.2412)]);
  const app = await serverOf(t, place);
  const { hour_of, days } = (await app.inject('/api/pointing/calendar?start_mjd=60953')).json();
  assert.equal(hour_of, 'utc');
  assert.equal(days.length, 1);
  const [{ mjd, seconds, hour_seconds, hour_dec_deg }] = days;
  assert.deepEqual(
    [mjd, seconds, hour_dec_deg[12]],
    [60954, Math.round(4 * 309 + 24 * 12.884901888), 16.241],
  );
  // Each is rounded.
  const sum = hour_seconds.reduce((all: number, each: number) => all + each);
  assert.ok(Math.abs(sum - seconds) <= 1, `${sum} ${seconds}`);
  const byLst = (await app.inject('/api/pointing/calendar?hour_of=lst')).json();
  assert.deepEqual([byLst.hour_of, byLst.days.length], ['lst', 2]);
  assert.equal((await app.inject('/api/pointing/calendar?hour_of=local')).statusCode, 400);
});

test('the typical length is that of most observations, however short the newest', async (t) => {
  const place = workspace(t);
  const observed = Array.from({ length: 20 }, (_, i) => ({ mjd: 60952 + (i * 309) / 86400, decDeg: 54.57 }));
  const last = { mjd: 60952 + (19 * 309 + 180.3) / 86400, decDeg: 54.57, seconds: 51.5 };
  await storeObservations(place.productsDb, [...observed, last]);
  const app = await serverOf(t, place);
  const { instrument } = (await app.inject('/api/pointing/latest')).json<LatestAnswer>();
  assert.equal(instrument.observation_seconds, 51.5);
  assert.ok(Math.abs(instrument.typical_observation_seconds - 309.2376) < 1e-3);
  assert.ok(Math.abs((instrument.cadence_seconds ?? 0) - 309) < 1e-3);
});

test('calibrators pass a telescope off the meridian when their next pass says', async (t) => {
  const place = workspace(t);
  const mjd = mjdUtcOfUnix(unixSeconds(Date.now() / 1000));
  await storeObservations(place.productsDb, [{ mjd, decDeg: 54.57, haDeg: 15 }]);
  const app = await serverOf(t, place);
  const { items } = (await app.inject('/api/pointing/transits?hours=20')).json<TransitsAnswer>();
  const passing = items.find((each) => each.mjd > mjd + 0.1);
  const source = encodeURIComponent(passing?.name ?? '');
  const { position } = (await app.inject(`/api/pointing/observed?name=${source}`)).json();
  const [from, to] = [position.next_in_utc, position.next_out_utc].map((time) => Date.parse(time) / 1000);
  const middle = mjdUtcOfUnix(unixSeconds(((from as number) + (to as number)) / 2));
  assert.ok(Math.abs(middle - (passing?.mjd ?? 0)) < 10 / 86400, `${middle} ${passing?.mjd}`);
});
