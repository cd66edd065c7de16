import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { earthOrientationIssue } from '#src/health/issues.js';
import { type ApparentPlace, astrometry, earthOrientation } from '#src/native/astrometry.js';
import { calibratorsAbove } from '#src/sky/calibrators.js';
import { dsa110 } from '#src/sky/instrument.js';
import { mjdUtc, mjdUtcOfUnix, unixOfMjdUtc, unixSeconds } from '#src/units.js';
import { finished, spawnCli } from '../helpers/cli.js';
import { count } from '../helpers/database.js';
import { Monitor } from '../helpers/monitor.js';
import { simulate } from '../helpers/simulator.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

const often = ['--reconcile-interval', '2'];

test('an overdue observation makes the monitor unhealthy, by how much and since which one; the next one heals it', async (t) => {
  const space = workspace(t);
  simulate(space.incoming, ['--start', '2025-10-04T15:12:13']);
  const monitor = new Monitor(t, space, [...often, '--expect-every', '309']);
  await monitor.issue(
    'observation_overdue',
    /an observation is overdue by \d+ s: the newest is from 2025-10-04T15:14:4\dZ; check the correlator/,
  );
  simulate(space.incoming, ['--start', 'now']);
  await monitor.healthy();
});

test('no observation at all is a silence too', async (t) => {
  const monitor = new Monitor(t, workspace(t), [...often, '--expect-every', '309']);
  await monitor.issue('observation_overdue', /no observation yet, although one is expected every 309 s/);
});

test('how often to expect an observation is learnt from those that came', async (t) => {
  const space = workspace(t);
  simulate(space.incoming, ['--start', '2025-10-04T15:12:13', '--count', '12', '--interval', '700']);
  const monitor = new Monitor(t, space, [...often, '--expect-every', 'auto']);
  const { newest_observation: newest } = await monitor.issue(
    'observation_overdue',
    /the newest is from 2025-10-04T17:23/,
  );
  assert.equal(newest?.cadence_seconds, 700);
  simulate(space.incoming, ['--start', 'now']);
  await monitor.healthy();
});

test('a name hours off its header is a warning of a wrong clock, until the next right one', async (t) => {
  const space = workspace(t);
  const [wrong, right] = simulate(join(space.path, 'made'), [
    '--count',
    '2',
    '--start',
    '2025-10-04T15:12:13',
  ]);
  renameSync(wrong as string, join(space.incoming, '2025-10-04T18:12:13_sb00.hdf5'));
  const monitor = new Monitor(t, space, often);
  const warned = await monitor.until('the warning', ({ warning_codes }) =>
    warning_codes.includes('clocks_differ'),
  );
  assert.match(
    warned.warnings[0] ?? '',
    /2025-10-04T18:12:13_sb00.hdf5: .* -3\.00 h off the time in the name: check the clock/,
  );
  await monitor.healthy();
  renameSync(right as string, join(space.incoming, '2025-10-04T15:17:22_sb00.hdf5'));
  await monitor.until(
    'no warning',
    ({ healthy, warning_codes }) => healthy && !warning_codes.includes('clocks_differ'),
  );
});

test('a status file that cannot be written is said in the log, and written once it can be', async (t) => {
  const space = workspace(t);
  const state = join(space.path, 'state');
  const monitor = new Monitor(t, { ...space, statusFile: join(state, 'status.json') }, often);
  let log = '';
  monitor.process.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  await waitFor('the problem', () =>
    /"status_file_unwritable".*cannot write the status file: ENOENT.*: check owner, mode and free space of \S+\/state"/.test(
      log,
    ),
  );
  mkdirSync(state);
  await monitor.healthy();
});

test('of two monitors the first owns the status file; the other reports that, and takes it over in the end', async (t) => {
  const space = workspace(t);
  const service = new Monitor(t, space, often);
  await service.healthy();
  const byHand = new Monitor(t, space, often);
  let log = '';
  byHand.process.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  await waitFor('the word of the other', () =>
    log.includes(`another monitor, process ${service.process.pid}, owns the status file`),
  );
  assert.equal((await service.stop()).code, 0);
  await byHand.healthy();
  assert.equal((await byHand.stop()).code, 0);
  assert.equal(JSON.parse(readFileSync(space.statusFile, 'utf8')).running, false);
});

test('a status of another host is not written over while it is fresh', async (t) => {
  const space = workspace(t);
  const service = new Monitor(t, space, often);
  await service.healthy();
  const other = spawnCli(
    ['monitor', space.incoming, space.productsDb, '--status-file', space.statusFile, ...often],
    { PIPELINE_HOST: 'another' },
  );
  const ended = finished(other);
  t.after(() => other.kill('SIGKILL'));
  let log = '';
  other.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  await waitFor('its word', () => log.includes(`process ${service.process.pid}, owns the status file`));
  other.kill('SIGTERM');
  assert.equal((await ended).code, 0);
  assert.equal(service.status()?.healthy, true);
});

test('a pipe in the place of the status file does not hold up the monitor', async (t) => {
  const space = workspace(t);
  execFileSync('mkfifo', [space.statusFile]);
  const monitor = new Monitor(t, space, often);
  await waitFor('a file in its place', () => statSync(space.statusFile).isFile());
  await monitor.healthy();
  assert.equal((await monitor.stop()).code, 0);
});

test('a clock that is set back does not stop scans and status', async (t) => {
  const space = workspace(t);
  const setBack = "const now = Date.now; process.on('SIGUSR2', () => { Date.now = () => now() - 3.6e6; });";
  const monitor = spawnCli(
    ['monitor', space.incoming, space.productsDb, '--status-file', space.statusFile, '--no-events', ...often],
    { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(setBack)}"` },
  );
  t.after(() => monitor.kill('SIGKILL'));
  const timestamp = () => {
    try {
      return JSON.parse(readFileSync(space.statusFile, 'utf8')).timestamp as number;
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  };
  await waitFor('a status', () => timestamp() < Number.POSITIVE_INFINITY);
  const before = timestamp();
  monitor.kill('SIGUSR2');
  await waitFor('a status by the clock that was set back', () => timestamp() < before - 3000);
  simulate(space.incoming, ['--count', '1']);
  await waitFor('the row', () => count(space.productsDb, 'pointing_history') === 1);
});

test('a monitor that is tried by hand beside the service leaves no trace in its status', async (t) => {
  const space = workspace(t);
  const service = new Monitor(t, space, often);
  await service.healthy();
  const byHand = new Monitor(t, space, [...often, '--log-level', 'DEBUG']);
  let log = '';
  byHand.process.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  await waitFor('its scan', () => log.includes('"scanned"'));
  assert.equal((await byHand.stop()).code, 0);
  assert.equal(service.status()?.healthy, true);
});

test('the end of the IERS table is said, with what it means and what to do', () => {
  const day = (offset: number) => unixOfMjdUtc(mjdUtc(earthOrientation().lastMjdUtc + offset));
  assert.equal(earthOrientationIssue(day(-1)), undefined);
  const issue = earthOrientationIssue(day(1));
  assert.equal(issue?.code, 'earth_orientation_ended');
  assert.match(
    issue?.message ?? '',
    /the IERS table ended on \d{4}-\d{2}-\d{2}: .* off by 13\.5 arcsec; refresh vendor\/iers in the clone, .*, and install again$/,
  );
});

test('the status names the calibrators that are in the beam now', async (t) => {
  const now = mjdUtcOfUnix(unixSeconds(Date.now() / 1000));
  // The calibrator nearest to the meridian, in the centre of the beam: it stays in the beam for minutes.
  const [{ name, place }] = calibratorsAbove(1)
    .map(({ name, raIcrsDeg, decIcrsDeg }) => ({
      name,
      place: astrometry().apparentPlaceOfIcrs(raIcrsDeg, decIcrsDeg, now, dsa110.site),
    }))
    .sort((a, b) => Math.abs(a.place.haDeg) - Math.abs(b.place.haDeg)) as [
    { name: string; place: ApparentPlace },
  ];
  const space = workspace(t);
  simulate(space.incoming, ['--start', 'now', '--dec', String(place.decDeg), '--ha', String(place.haDeg)]);
  const monitor = new Monitor(t, space, often);
  const { in_beam } = await monitor.until('a calibrator in the beam', (status) => status.in_beam.length > 0);
  assert.ok(
    in_beam.some((source) => source.name === name),
    JSON.stringify({ in_beam, name, place }),
  );
  for (const { separation_deg } of in_beam) assert.ok(separation_deg < 1.5);
});
