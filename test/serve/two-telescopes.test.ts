import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { DatabaseProbe } from '#src/health/probe.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { byDsa110 } from '../helpers/observations.js';
import { restOf, serverOf } from '../helpers/server.js';
import { byHera, type Pointed, storePointings } from '../helpers/two-telescopes.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

const EVERY_DAYS = 309 / 86_400;
const START_MJD = 60_952;

const storeOf = ({ productsDb }: Workspace) => new SqliteStore(productsDb, { lockWait: 'short' });

/** The DSA-110 stands still, and so does HERA, each of whose observations follows one of the DSA-110's. */
async function standing(t: TestContext): Promise<Workspace> {
  const place = workspace(t);
  const rows = Array.from({ length: 40 }, (_, i): Pointed[] => {
    const mjd = START_MJD + i * EVERY_DAYS;
    return [
      { by: byDsa110, mjd, raDeg: 100 + i * 1.29, decDeg: 16.24 },
      { by: byHera, mjd: mjd + 150 / 86_400, raDeg: 240 + i * 1.29, decDeg: -30.72 },
    ];
  });
  await storePointings(place, rows.flat());
  return place;
}

test('where a telescope stands and how often it observes do not depend on another', async (t) => {
  const place = await standing(t);
  const app = await serverOf(t, place);
  const { observation, instrument } = (await app.inject('/api/pointing/latest')).json();
  assert.equal(instrument.name, 'HERA');
  assert.equal(observation.at_declination_since_mjd, START_MJD + 150 / 86_400);
  assert.ok(Math.abs(instrument.cadence_seconds - 309) < 0.001, `${instrument.cadence_seconds}`);

  const store = storeOf(place);
  t.after(() => store.close());
  const probe = new DatabaseProbe(store);
  await probe.ask();
  const { cadenceSeconds } = probe.snapshot();
  assert.ok(Math.abs((cadenceSeconds ?? 0) - 309) < 0.001, `${cadenceSeconds}`);
});

test('a position is seen in one dwell, and next by the telescope that stands at its declination', async (t) => {
  const app = await serverOf(t, await standing(t));
  const at = async (query: string) =>
    (await app.inject(`/api/pointing/observed?radius_deg=20&${query}`)).json();
  for (const query of ['ra=110&dec=16.24', 'ra=250&dec=-30.72']) {
    const { dwells, items, position } = await at(query);
    assert.ok(items.length > 10);
    assert.equal(dwells.length, 1);
    assert.equal(dwells[0].observations, items.length);
    assert.ok(Date.parse(position.next_in_utc) < Date.parse(position.next_out_utc));
    assert.equal(position.next_instrument, items[0].instrument);
  }
  const { next_in_utc: nextIn, next_instrument: nextBy } = (await at('ra=110&dec=80')).position;
  assert.deepEqual([nextIn, nextBy], [null, null]);
});

test('tables of both name the telescope of each row', async (t) => {
  const app = await serverOf(t, await standing(t));
  const csv = (await app.inject('/api/pointing_history?columns=dec_deg,instrument&format=csv')).body;
  const rows = csv.trimEnd().split('\r\n');
  assert.deepEqual(rows.slice(0, 3), ['dec_deg,instrument', '16.24,DSA-110', '-30.72,HERA']);
  const cone = (await app.inject('/vo/cone?RA=240&DEC=-30.7&SR=2&VERB=3')).body;
  assert.match(cone, / name="instrument_name"/);
  assert.match(cone, /<TD>HERA<\/TD>/);
});

test('links lead through the changes of two telescopes, each once', async (t) => {
  const place = workspace(t);
  const of = (by: Pointed['by'], first: number, every: number, decDeg: readonly number[]) =>
    decDeg.map((each, i): Pointed => ({ by, mjd: first + i * every, decDeg: each }));
  await storePointings(place, [
    ...of(byHera, START_MJD, 3.25, [-30, -30, -31, -31, -30]),
    ...of(byDsa110, START_MJD + 1, 1, [10, 11, 12, 12, 13, 14, 14, 15]),
    ...of(byHera, START_MJD + 20, 1, [-29]),
  ]);
  const app = await serverOf(t, place);
  const whole = (await app.inject('/api/pointing/changes')).json().items;
  assert.equal(whole.length, 8);
  for (const start of ['', `start_mjd=${START_MJD + 4}&`]) {
    const expected = whole.filter(({ mjd }: { mjd: number }) => start === '' || mjd >= START_MJD + 4);
    for (const limit of [1, 2, 3]) {
      const seen: unknown[] = [];
      for (let url: string | undefined = `/api/pointing/changes?${start}limit=${limit}`; url; ) {
        const answer: LightMyRequestResponse = await app.inject(url);
        seen.push(...answer.json().items);
        assert.ok(seen.length <= expected.length, url);
        url = restOf(url, answer);
      }
      assert.deepEqual(seen, expected);
    }
  }
});

test('a header time in the future hides no telescope, and makes none the newest', async (t) => {
  const place = await standing(t);
  const app = await serverOf(t, place);
  const get = async (path: string) => (await app.inject(`/api/pointing/${path}`)).json();
  const questions = ['DSA-110', 'HERA'].map((name) => `transits?instrument=${name}&min_flux_jy=0&hours=168`);
  const radius = 'observed?ra=110&dec=16.24';
  const before = await get(radius);
  for (const mjd of [START_MJD, START_MJD + 9000]) {
    if (mjd > START_MJD) await storePointings(place, [{ by: byDsa110, mjd, decDeg: 16.24 }]);
    for (const question of questions) assert.ok((await get(question)).items.length > 0, question);
    assert.equal((await get(radius)).radius_deg, before.radius_deg);
  }
});

test('every answer about rows can be of one telescope alone', async (t) => {
  const app = await serverOf(t, await standing(t));
  const get = (path: string) => app.inject(path);
  const latest = async (query: string) => (await get(`/api/pointing/latest${query}`)).json();
  assert.deepEqual((await latest('')).telescopes, ['HERA', 'DSA-110']);
  for (const [name, raDeg, decDeg, firstMjd] of [
    ['DSA-110', 100, 16.24, START_MJD],
    ['HERA', 240, -30.72, START_MJD + 150 / 86_400],
  ] as const) {
    const query = `instrument=${name}`;
    const { observation, instrument } = await latest(`?${query}`);
    assert.equal(instrument.name, name);
    assert.equal(observation.instrument, name);
    assert.equal(observation.dec_deg, decDeg);

    const recent = (await get(`/api/pointing/recent?${query}`)).json().items;
    assert.equal(recent.length, 8);
    for (const item of recent) assert.equal(item.instrument, name);

    for (const points of ['', '&max_points=100', '&max_points=100&end_mjd=60952.05']) {
      const { rawPayload, headers } = await get(`/api/pointing/track?${query}${points}`);
      const rows = new Float64Array(
        rawPayload.buffer.slice(rawPayload.byteOffset).slice(0, rawPayload.length),
      );
      const count = points.includes('end_mjd') ? 14 : 40;
      assert.equal(rows.length, count * 5);
      if (points !== '') assert.equal(headers['pointing-rows'], String(count));
      for (let i = 0; i < rows.length; i += 5) assert.equal(rows[i + 2], decDeg);
      assert.deepEqual(rows.slice(0, 3), Float64Array.of(firstMjd, raDeg, decDeg));
    }

    const whole = (await get(`/api/pointing_history?${query}`)).json().items;
    assert.equal(whole.length, 40);
    for (const form of ['', '&columns=timestamp,path']) {
      const seen: unknown[] = [];
      for (let url: string | undefined = `/api/pointing_history?${query}${form}&limit=7`; url; ) {
        const answer: LightMyRequestResponse = await get(url);
        seen.push(...answer.json().items.map(({ timestamp }: { timestamp: number }) => timestamp));
        url = restOf(url, answer);
      }
      assert.deepEqual(
        seen,
        whole.map(({ timestamp }: { timestamp: number }) => timestamp),
      );
    }
    const second = (await get(`/api/pointing/observation?mjd=${firstMjd + EVERY_DAYS}`)).json();
    assert.equal(second.instrument, name);
    assert.ok(Math.abs(second.previous_mjd - firstMjd) < 1e-8);
    assert.ok(Math.abs(second.next_mjd - firstMjd - 2 * EVERY_DAYS) < 1e-8);
    const { site } = (await get(`/api/pointing/sky?${query}`)).json();
    assert.equal(site.latitude_deg, instrument.latitude_deg);
  }
  for (const path of ['latest', 'recent', 'track', 'sky', '../pointing_history']) {
    const { statusCode, body } = await get(`/api/pointing/${path}?instrument=VLA`);
    assert.equal(statusCode, 400, path);
    assert.match(body, /no telescope named VLA; known: HERA, DSA-110/);
  }
});

test('with a gap of one telescope the other’s observations are no reason to hide it', async (t) => {
  const place = workspace(t);
  const by = (telescope: Pointed['by'], offset: number, hours: readonly number[]) =>
    hours.map((hour): Pointed => ({ by: telescope, mjd: START_MJD + hour / 24 + offset, decDeg: 10 }));
  await storePointings(place, [...by(byDsa110, 0, [0, 6]), ...by(byHera, 0.001, [0, 2, 4, 6])]);
  const app = await serverOf(t, place);
  const longest = async (query: string) => {
    const { items } = (
      await app.inject(
        `/api/pointing/gaps?start_mjd=${START_MJD}&end_mjd=${START_MJD + 0.25}&longer_than_minutes=60${query}`,
      )
    ).json();
    return Math.round(Math.max(...items.map(({ minutes }: { minutes: number }) => minutes)) / 60);
  };
  assert.equal(await longest('&instrument=DSA-110'), 6);
  assert.equal(await longest('&instrument=HERA'), 2);
  assert.equal(await longest(''), 2);
});

test('the last observation of a telescope that has stopped is its newest, whatever others observe after it', async (t) => {
  const place = workspace(t);
  const by = (telescope: Pointed['by'], first: number) =>
    Array.from({ length: 12 }, (_, i): Pointed => ({ by: telescope, mjd: first + i, decDeg: 10 }));
  await storePointings(place, [...by(byHera, START_MJD), ...by(byDsa110, START_MJD + 200)]);
  const app = await serverOf(t, place);
  const get = async (path: string) => (await app.inject(`/api/pointing/${path}`)).json();
  const { items } = await get('recent?instrument=HERA&limit=3');
  assert.deepEqual(
    items.map(({ timestamp }: { timestamp: number }) => timestamp),
    [START_MJD + 11, START_MJD + 10, START_MJD + 9],
  );
  const { previous_mjd, next_mjd } = await get(`observation?mjd=${START_MJD + 11}`);
  assert.deepEqual([previous_mjd, next_mjd], [START_MJD + 10, null]);
});

test('an observation that was under way is found though another telescope’s has the nearer middle', async (t) => {
  const place = workspace(t);
  const after = (seconds: number) => START_MJD + seconds / 86_400;
  await storePointings(place, [
    { by: byHera, mjd: START_MJD, decDeg: -30.72, durationSeconds: 3600 },
    { by: byDsa110, mjd: after(1500), decDeg: 16.24 },
    { by: byDsa110, mjd: after(9000), decDeg: 16.24 },
  ]);
  const app = await serverOf(t, place);
  const at = (seconds: number) => app.inject(`/api/pointing/observation?mjd=${after(seconds)}`);
  for (const [seconds, middle] of [
    [-1700, 0],
    [1300, 0],
    [1700, 0],
    [1400, 1500],
    [9100, 9000],
  ] as const)
    assert.equal((await at(seconds)).json().timestamp, after(middle), `${seconds} s`);
  for (const seconds of [-1900, 1900, 8800])
    assert.equal((await at(seconds)).statusCode, 404, `${seconds} s`);
});

test('sidereal hours of a calendar are those of the telescope that made each row', async (t) => {
  const place = workspace(t);
  // 3C286 transits at the DSA-110 at sidereal time 13h 32m (astropy), and at HERA, 139.713 degrees to the east, 9.29 sidereal hours before.
  const mjd = 60_952.854388555;
  const earlier = 139.713 / 360 / 1.0027379;
  await storePointings(place, [
    { by: byHera, mjd: mjd - earlier, decDeg: 30 },
    { by: byDsa110, mjd, decDeg: 30 },
  ]);
  const app = await serverOf(t, place);
  for (const query of ['', '&instrument=HERA', '&instrument=DSA-110']) {
    const { days } = (await app.inject(`/api/pointing/calendar?hour_of=lst${query}`)).json();
    const hours = days.flatMap(({ hour_seconds }: { hour_seconds: number[] }) =>
      hour_seconds.flatMap((seconds, hour) => (seconds > 0 ? [hour] : [])),
    );
    assert.deepEqual(hours, [13], query);
  }
});
