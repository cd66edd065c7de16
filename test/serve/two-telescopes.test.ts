import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { DatabaseProbe } from '#src/health/probe.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { degrees } from '#src/units.js';
import { byDsa110 } from '../helpers/observations.js';
import { restOf, serverOf } from '../helpers/server.js';
import { type Workspace, workspace } from '../helpers/workspace.js';
import { pointing as pointingOf, version } from '../store/results.js';

const EVERY_DAYS = 309 / 86_400;
const START_MJD = 60_952;
const byHera = {
  ...byDsa110,
  instrument: {
    name: 'HERA',
    site: { latitudeDeg: degrees(-30.72), longitudeDeg: degrees(21.43), altitudeM: 1073 },
    dishM: 14,
  },
};

interface Pointed {
  readonly by: typeof byDsa110 | typeof byHera;
  readonly mjd: number;
  readonly raDeg?: number;
  readonly decDeg: number;
}

const storeOf = ({ productsDb }: Workspace) => new SqliteStore(productsDb, { lockWait: 'short' });

async function storeAll(place: Workspace, all: readonly Pointed[]): Promise<void> {
  const store = storeOf(place);
  await store.record(
    all.map(({ by, mjd, raDeg = 10, decDeg }) => {
      const pointing = { ...pointingOf(mjd, decDeg), raDeg: degrees(raDeg), ...by };
      const path = `/in/${by.instrument.name}-${mjd}`;
      return { outcome: { path, version, pointing }, state: 'stored', attempts: 1 };
    }),
  );
  await store.close();
}

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
  await storeAll(place, rows.flat());
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
  }
  assert.equal((await at('ra=110&dec=80')).position.next_in_utc, null);
});

test('links lead through the changes of two telescopes, each once', async (t) => {
  const place = workspace(t);
  const of = (by: Pointed['by'], first: number, every: number, decDeg: readonly number[]) =>
    decDeg.map((each, i): Pointed => ({ by, mjd: first + i * every, decDeg: each }));
  await storeAll(place, [
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
        url = restOf(answer);
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
    if (mjd > START_MJD) await storeAll(place, [{ by: byDsa110, mjd, decDeg: 16.24 }]);
    for (const question of questions) assert.ok((await get(question)).items.length > 0, question);
    assert.equal((await get(radius)).radius_deg, before.radius_deg);
  }
});
