/** Flags that several commands share, and those that have no other test. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { mjdUtcOfDate } from '#src/units.js';
import { cli } from '../helpers/cli.js';
import { count } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { storeObservations } from '../helpers/observations.js';
import { Server } from '../helpers/server.js';
import { simulate } from '../helpers/simulator.js';
import { workspace } from '../helpers/workspace.js';

/** The columns of ivoa.obsplan: ObsLocTAP 1.0, table 1. */
const OBSPLAN =
  't_planning target_name obs_id obs_collection s_ra s_dec s_fov s_region s_resolution t_min t_max t_exptime t_resolution ' +
  'em_min em_max em_res_power o_ucd pol_states pol_xel facility_name instrument_name t_plan_exptime category priority ' +
  'execution_status tracking_type';

async function json(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await cli([...args, '--json']);
  assert.equal(code, 0, stderr);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Observations half a day and three days ago. */
async function recent(t: TestContext) {
  const { path, productsDb } = workspace(t);
  const now = mjdUtcOfDate(new Date());
  await storeObservations(productsDb, [
    { mjd: now - 3, decDeg: 54.57 },
    { mjd: now - 0.5, decDeg: 16.24 },
  ]);
  return { path, productsDb };
}

test('--days-back and --days-ahead count from now, in every command with a range', async (t) => {
  const { productsDb } = await recent(t);
  const observations = {
    history: async (days: string) => (await json('history', productsDb, '--days-back', days)).length,
    coverage: async (days: string) =>
      (await json('coverage', productsDb, '--days-back', days, '--days-ahead', '1')).filter(
        ({ kind }) => kind === 'stay',
      ).length,
    observed: async (days: string) =>
      (
        await json(
          ...['observed', '--ra', '0', '--dec', '90', '--radius-deg', '180'],
          ...['--products-db', productsDb, '--days-back', days],
        )
      ).filter(({ path }) => path !== undefined).length,
  };
  for (const [command, rows] of Object.entries(observations)) {
    assert.equal(await rows('1'), 1, command);
    assert.equal(await rows('4'), 2, command);
  }
  const transits = async (...range: string[]) =>
    (await json('crossmatch', '3C286', '--products-db', productsDb, ...range)).length;
  const [past, future] = [
    await transits('--days-back', '3.5', '--days-ahead', '0'),
    await transits('--days-back', '0', '--days-ahead', '3.5'),
  ];
  assert.ok([3, 4].includes(past) && [3, 4].includes(future), `${past}, ${future}`);
});

test('coverage --to ends the range, and --ra-bin-deg sets the bins', async (t) => {
  const { productsDb } = await recent(t);
  const bands = (await json('coverage', productsDb, '--to', '-1d', '--ra-bin-deg', '90')).filter(
    ({ kind }) => kind === 'band',
  );
  assert.deepEqual(
    bands.map(({ dec_min_deg, ra_bin_seconds }) => [dec_min_deg, (ra_bin_seconds as number[]).length]),
    [[54, 4]],
  );
});

test('history --limit gives the newest rows; --obsplan the columns of ObsLocTAP, as a VOTable unless told', async (t) => {
  const { productsDb } = await recent(t);
  assert.deepEqual(
    (await json('history', productsDb, '--limit', '1')).map(({ dec_deg }) => dec_deg),
    [16.24],
  );
  const [row = {}] = await json('history', productsDb, '--obsplan', '--limit', '1');
  assert.deepEqual(Object.keys(row), OBSPLAN.split(' '));
  assert.deepEqual(
    [row.facility_name, row.execution_status, row.tracking_type, row.priority],
    ['OVRO', 'Performed', 'Fixed-az-el-transit', 0],
  );
  const { stdout } = await cli(['history', productsDb, '--obsplan']);
  assert.match(stdout, /^<\?xml [\s\S]*<FIELD [^>]*name="t_planning"/);
});

test('--follow-links reads below links to directories', async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  const elsewhere = join(path, 'elsewhere');
  mkdirSync(elsewhere);
  simulate(elsewhere, ['--count', '2']);
  symlinkSync(elsewhere, join(incoming, 'link'));
  const files = async (...flags: string[]) =>
    (await json('backfill', incoming, productsDb, ...flags)).at(-1)?.files;
  assert.equal(await files(), 0);
  assert.equal(await files('--follow-links'), 2);
  const onDisk = async (...flags: string[]) =>
    (await json('verify', incoming, productsDb, ...flags)).at(-1)?.files_on_disk;
  assert.equal(await onDisk(), 0);
  assert.equal(await onDisk('--follow-links'), 2);
});

test('doctor --pattern names the files to count, and --backup the backup', async (t) => {
  const { path, incoming, productsDb } = workspace(t);
  await storeObservations(productsDb, [{ mjd: 51572.4833, decDeg: 54.57 }]);
  for (const name of ['a.uvh5', 'b.uvh5', 'c_sb00.hdf5']) writeFileSync(join(incoming, name), '');
  const backup = join(path, 'kept.sqlite3');
  const checks = await json(
    'doctor',
    incoming,
    productsDb,
    '--pattern',
    '*.uvh5',
    '--repair',
    '--backup',
    backup,
  );
  assert.deepEqual(checks[0], { repaired: 1, dropped: 0, backup });
  assert.equal(count(backup, 'pointing_history', 'timestamp < 52000'), 1);
  assert.match(
    String(checks.find(({ check }) => check === 'watch directory')?.message),
    /2 files named \*\.uvh5/,
  );
});

test('--log-format: words or JSON, for monitor and serve, whatever stderr is', async (t) => {
  for (const [format, line] of [
    ['words', /^\S+ INFO .*\S$/m],
    ['json', /^\{"level":"INFO",.*\}$/m],
  ] as const) {
    const space = workspace(t);
    const flags = ['--log-format', format];
    const monitor = new Monitor(t, space, flags);
    await monitor.healthy();
    assert.match((await monitor.stop()).stderr, line);
    const server = new Server(t, space, { flags });
    await server.url();
    server.process.kill('SIGTERM');
    assert.match((await server.finished).stderr, line);
  }
});

/** Status and headers of an answer under a name of the server's. */
const ask = (url: string, headers: Record<string, string>) =>
  new Promise<{ status: number | undefined; allowed: string | undefined }>((resolve, reject) => {
    get(`${url}api/pointing/latest`, { headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode, allowed: answer.headers['access-control-allow-origin'] });
    }).on('error', reject);
  });

test('serve answers under --allow-host names, and pages of --allow-origin sites may read the answers', async (t) => {
  const origin = 'https://dashboard.example.org';
  const server = new Server(t, workspace(t), {
    flags: [
      ...['--allow-host', 'telescope.example', '--allow-host', 'second.example'],
      ...['--allow-origin', origin],
    ],
  });
  const url = await server.url();
  for (const [host, status] of [
    ['telescope.example', 200],
    ['second.example:8000', 200],
    ['other.example', 421],
  ] as const)
    assert.equal((await ask(url, { host })).status, status, host);
  assert.equal((await ask(url, { origin })).allowed, origin);
  assert.equal((await ask(url, { origin: 'https://evil.example' })).allowed, undefined);
  for (const wrong of ['dashboard.example.org', 'https://a.example/path', 'null']) {
    const { code, stderr } = await cli(['serve', '/tmp/x.sqlite3', '--allow-origin', wrong]);
    assert.deepEqual([code, /^pointing-monitor: --allow-origin [^\n]+\n$/.test(stderr)], [2, true], stderr);
  }
});

test('more days than there can be observations mean all of them', async (t) => {
  const { productsDb } = await recent(t);
  for (const args of [
    ['transits', '3C286', '--days-back', '36525', '--to', '1990-02-01'],
    ['transits', '3C286', '--from', '2099-12-01', '--days-ahead', '36525'],
    ['crossmatch', '3C286', '--products-db', productsDb, '--days-back', '36525'],
    ['history', productsDb, '--days-back', '36525', '--days-ahead', '36525'],
  ]) {
    const { code, stderr } = await cli(args);
    assert.equal(code, 0, `${args[0]}: ${stderr}`);
  }
});
