import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { backfill, night, value, values } from '../helpers/hera.js';
import { needs } from '../helpers/needs.js';
import { serverOf } from '../helpers/server.js';
import { fixture } from '../helpers/workspace.js';

const SKY_DEG2 = 4 * Math.PI * (180 / Math.PI) ** 2;
const SOURCE = ['--ra', '330', '--dec', '-28.9'];

function close(actual: unknown, expected: number | undefined, within: number, what = ''): void {
  assert.ok(Math.abs(Number(actual) - Number(expected)) <= within, `${what} ${actual} is not ${expected}`);
}

async function lines(...args: string[]) {
  const { code, stdout, stderr } = await cli([...args, '--json']);
  assert.equal(code, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const moc = (map: Record<string, number[]>) =>
  Object.entries(map).reduce(
    (area, [order, cells]) => area + (cells.length * SKY_DEG2) / (12 * 4 ** Number(order)),
    0,
  );

test(
  'a night of HERA is right from its files to the API, as astropy and healpy have it',
  needs('h5py'),
  async (t) => {
    const place = await night(t);
    const app = await serverOf(t, place);
    const get = async (path: string) => (await app.inject(`/api/pointing${path}`)).json();

    const { observation, instrument } = await get('/latest');
    assert.equal(instrument.name, 'HERA');
    close(instrument.beam_fwhm_deg, value('beam_fwhm_deg'), 1e-5);
    close(instrument.observation_seconds, 579.82058496, 1e-6);
    close(instrument.cadence_seconds, 600, 0.001);
    close(observation.timestamp, values('mjd').at(-1), 1e-8);
    close(observation.elevation_deg, 90, 0.001);
    assert.deepEqual(observation.quality, ['even']);

    const { items } = await get(
      '_history?columns=timestamp,ra_deg,ra_icrs_deg,dec_icrs_deg,duration_s,quality',
    );
    assert.equal(items.length, 30);
    for (const name of ['ra_deg', 'ra_icrs_deg', 'dec_icrs_deg'])
      for (const [i, expected] of values(name).entries())
        close(items[i][name], expected, 1e-6, `${name} ${i}`);

    const { bands } = await get('/coverage?ra_bin_deg=15');
    const [band, ...others] = bands;
    assert.deepEqual([others.length, band.instrument, band.dec_min_deg], [0, 'HERA', -31]);
    close(band.seconds, value('coverage_seconds'), 0.01);
    for (const [i, seconds] of values('ra_bin_seconds').entries())
      close(band.ra_bin_seconds[i], seconds, 1, `bin ${i}`);
    const { items: gaps } = await get('/gaps?longer_than_minutes=0.2&end_mjd=59121.95');
    assert.equal(gaps.length, 28);
    close(gaps[0].minutes * 60, 600 - 579.82058496, 0.01);

    close(moc(await get('/moc?format=json')), value('moc_deg2'), 0.005 * value('moc_deg2'));
    const seen = await get('/observed?ra=330&dec=-28.9');
    assert.equal(seen.position.observations, value('source_files'));
    close(seen.position.seconds, value('source_seconds'), 2);
    assert.equal(seen.items[0].quality, 'even');
    close(seen.radius_deg, value('beam_fwhm_deg') / 2, 1e-5);
    const cone = (await app.inject('/vo/cone?RA=330&DEC=-28.9&SR=5')).body;
    assert.match(cone, /Observations of HERA near a position/);
    assert.match(cone, /<TD>8\.4241\d+<\/TD>/);
    assert.match(cone, /<TD>579\.8205\d+<\/TD>/);
    const { info } = (await app.inject('/openapi.json')).json();
    assert.match(info.description, /^Where HERA pointed/);
  },
);

test(
  'commands say the same of that night, and flags stand in place of its headers',
  needs('h5py'),
  async (t) => {
    const { productsDb } = await night(t);
    const ofDay = ['--from', '2020-09-29T12:00', '--to', '2020-09-30T00:00', '--products-db', productsDb];
    const [transit, ...none] = await lines('transits', ...SOURCE, ...ofDay);
    assert.deepEqual([none.length, transit.instrument], [0, 'HERA']);
    close(transit.transit_mjd, value('transit_mjd'), 1e-7);
    const [matched] = await lines('crossmatch', ...SOURCE, ...ofDay, '--dec-tolerance-deg', '3');
    assert.deepEqual([matched.observed, matched.inside, matched.instrument], [true, true, 'HERA']);

    const [plan] = await lines('history', productsDb, '--obsplan');
    assert.deepEqual([plan.instrument_name, plan.facility_name], ['HERA', 'HERA']);
    close(plan.t_exptime, 579.82058496, 1e-6);
    // When the file was read, years after it was observed.
    close(plan.t_planning, Date.now() / 86_400_000 + 40_587, 0.02);
    const named = ['--name', 'Array', '--dish-m', '28', '--frequency-mhz', '75'];
    const [other] = await lines('history', productsDb, '--obsplan', ...named);
    assert.equal(other.instrument_name, 'Array');
    close(other.s_fov, value('beam_fwhm_deg'), 1e-5);

    const east = await lines('transits', ...SOURCE, ...ofDay, '--longitude', '31.428303826863015');
    // Ten degrees to the east the sky passes 40 sidereal minutes sooner.
    close((transit.transit_mjd - east[0].transit_mjd) * 1440, 40 * 0.99727, 0.001);
    const environment = { PIPELINE_LONGITUDE: '31.428303826863015' };
    const { stdout } = await cli(['transits', ...SOURCE, ...ofDay, '--json'], environment);
    assert.equal(JSON.parse(stdout.split('\n')[0] as string).transit_mjd, east[0].transit_mjd);
  },
);

test('two telescopes in one history are kept apart by name', needs('h5py'), async (t) => {
  const place = await night(t);
  await backfill(fixture('dsa110'), place.productsDb);
  const all = await lines('coverage', place.productsDb);
  const of = (kind: string, name: string) =>
    all.filter((row) => row.kind === kind && row.instrument === name);
  const seconds = (rows: { seconds: number }[]) => rows.reduce((sum, row) => sum + row.seconds, 0);
  close(seconds(of('band', 'HERA')), value('coverage_seconds'), 0.01);
  close(seconds(of('band', 'DSA-110')), 6 * 309.237645312, 2);
  assert.equal(of('stay', 'HERA').length, 1);
  assert.deepEqual(
    (await lines('coverage', place.productsDb, '--instrument', 'HERA')).map(({ kind }) => kind),
    ['band', 'stay', 'gap'],
  );

  const app = await serverOf(t, place);
  const get = async (path: string) => (await app.inject(`/api/pointing${path}`)).json();
  const names = async (path: string, list: string) =>
    new Set((await get(path))[list].map(({ instrument }: { instrument: string }) => instrument));
  assert.deepEqual(await names('/coverage', 'bands'), new Set(['HERA', 'DSA-110']));
  assert.deepEqual(await names('/coverage?instrument=HERA', 'bands'), new Set(['HERA']));
  assert.deepEqual(await names('/transits?hours=168&min_flux_jy=0', 'items'), new Set(['DSA-110']));
  assert.deepEqual(
    await names('/transits?hours=168&min_flux_jy=0&instrument=HERA', 'items'),
    new Set(['HERA']),
  );
  assert.match((await get('/coverage?instrument=VLA')).error.message, /known: DSA-110, HERA/);
  assert.equal((await get('/latest')).instrument.name, 'DSA-110');
  close(moc(await get('/moc?format=json&instrument=HERA')), value('moc_deg2'), 0.005 * value('moc_deg2'));

  const transits = await lines('transits', '3C286', '--products-db', place.productsDb);
  assert.deepEqual(new Set(transits.map(({ instrument }) => instrument)), new Set(['HERA', 'DSA-110']));
  const { stdout } = await cli(['doctor', place.incoming, place.productsDb]);
  assert.match(
    stdout,
    /WARNING +telescope +2 telescopes more than 100 m apart: DSA-110 \(37\.233, -118\.283\)/,
  );
});
