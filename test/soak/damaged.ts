/** Damaged files through the real path: each is accounted for with the right code, and the good ones among them are stored. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { errorCatalogue } from '#src/errors.js';
import { cli } from '../helpers/cli.js';
import { query, type Row } from '../helpers/database.js';
import { random } from '../helpers/random.js';
import { waitFor } from '../helpers/wait.js';
import { type Owner, type Workspace, workspace } from '../helpers/workspace.js';
import { DamagedFiles, type Fate } from './damaged-files.js';
import { Tally } from './pick.js';
import { Subject } from './subject.js';

/** Files that hang libhdf5 for a minute are so read beside others. */
const BATCH = 20_000;
const GOOD_PER_BATCH = 2400;
/** Of a batch, this many are read by libhdf5 at rest as well. */
const READ_TWICE = 50;
/** A file that hangs libhdf5 takes a minute. */
const SETTLE_SECONDS = 1200;

interface Found extends Row {
  readonly path: string;
  readonly state: 'stored' | 'waiting' | 'failed';
  readonly error_code: string | null;
}

export async function damaged(owner: Owner, count: number, seed: number): Promise<void> {
  const space = workspace(owner);
  const source = new DamagedFiles(join(space.path, 'templates'), random(seed));
  const subject = new Subject(owner, space);
  const outcomes = new Tally();
  for (let done = 0, batch = 0; done < count; batch++) {
    const files = Math.min(BATCH, count - done);
    const good = join(space.path, 'good');
    source.prepareGood(good, batch * GOOD_PER_BATCH, GOOD_PER_BATCH);
    const directory = join(space.incoming, `batch-${batch}`);
    const fates = arrive(space, directory, source, files);
    const found = await allFound(space.productsDb, directory, files);
    await checkKnown(space, fates, found);
    await checkByLibhdf5(found, [...fates.keys()].slice(0, READ_TWICE));
    for (const { state, error_code: code } of found.values()) outcomes.add(code ?? state);
    await subject.monitor.until(
      'the proof',
      ({ healthy, reconciliation: at }) => healthy && at?.files_on_disk === files && at.unaccounted === 0,
      SETTLE_SECONDS,
    );
    for (const path of [directory, good]) rmSync(path, { recursive: true });
    done += files;
    const restarts = subject.monitor.status()?.extraction.hdf5_restarts;
    owner.diagnostic(
      `${done} of ${count}: ${outcomes}; ${restarts} libhdf5 processes lost; ${subject.memoryMB} MB`,
    );
  }
}

/** Every other file is written elsewhere and renamed into place. */
function arrive(
  space: Workspace,
  directory: string,
  source: DamagedFiles,
  count: number,
): ReadonlyMap<string, Fate> {
  mkdirSync(directory);
  const fates = new Map<string, Fate>();
  for (let i = 0; i < count; i++) {
    const path = join(directory, `${i}_sb00.hdf5`);
    const outside = join(space.path, basename(path));
    fates.set(path, source.write(i % 2 === 0 ? outside : path));
    if (i % 2 === 0) renameSync(outside, path);
  }
  return fates;
}

/** Of the files on disk, once each is stored or has failed. */
async function allFound(productsDb: string, directory: string, count: number): Promise<Map<string, Found>> {
  let found: Found[] = [];
  await waitFor(
    `${count} outcomes`,
    () => {
      found = query<Found>(
        productsDb,
        `SELECT path, state, error_code, h.* FROM pointing_files LEFT JOIN pointing_history AS h USING (timestamp)
         WHERE path > '${directory}/' AND path < '${directory}0'`,
      );
      return found.filter(({ state }) => state !== 'waiting').length === count;
    },
    SETTLE_SECONDS,
  );
  return new Map(found.map((each) => [each.path, each]));
}

async function checkKnown(
  space: Workspace,
  fates: ReadonlyMap<string, Fate>,
  found: ReadonlyMap<string, Found>,
) {
  const truth = await rowsByFile(space);
  for (const [path, { code, copyOf }] of fates) {
    const { state, error_code, timestamp, ra_deg, dec_deg } = found.get(path) as Found;
    if (copyOf !== undefined) assert.deepEqual({ timestamp, ra_deg, dec_deg }, truth.get(copyOf), path);
    else if (code !== undefined) assert.equal(error_code ?? 'read', code, path);
    if (state !== 'stored') assert.ok(error_code !== null && error_code in errorCatalogue, path);
    else {
      assert.ok(timestamp >= 47892 && timestamp <= 88069, `${path}: MJD ${timestamp}`);
      assert.ok(ra_deg >= 0 && ra_deg < 360 && Math.abs(dec_deg) <= 90, `${path}: ${ra_deg} ${dec_deg}`);
    }
  }
}

/** The good files' rows, read by libhdf5. */
async function rowsByFile(space: Workspace): Promise<Map<string, Row>> {
  const truthDb = join(space.path, 'truth.sqlite3');
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${truthDb}${suffix}`, { force: true });
  const args = ['backfill', join(space.path, 'good'), truthDb, '--reader', 'libhdf5', '--create'];
  const { code, stderr } = await cli(args);
  assert.equal(code, 0, stderr);
  const rows = query<Row & { path: string }>(
    truthDb,
    'SELECT path, h.* FROM pointing_files JOIN pointing_history AS h USING (timestamp)',
  );
  return new Map(rows.map(({ path, ...row }) => [path, row]));
}

/** What libhdf5 reads is what the monitor stored, to the last bit. */
async function checkByLibhdf5(found: ReadonlyMap<string, Found>, paths: readonly string[]): Promise<void> {
  const { stdout } = await cli(['extract', '--json', '--reader', 'libhdf5', ...paths]);
  const lines = stdout.trim().split('\n');
  assert.equal(lines.length, paths.length);
  for (const line of lines) {
    const { path, mjd, error } = JSON.parse(line) as { path: string; mjd?: number; error?: object };
    const stored = found.get(path) as Found;
    if (!error) assert.equal(stored.timestamp, mjd, path);
  }
}
