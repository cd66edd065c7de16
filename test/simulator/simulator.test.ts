/** The simulated correlator itself: other tests trust its files. The fixtures it is compared with were written by h5py. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixture, root, workspace } from '../helpers/workspace.js';

const PROGRAM = join(root, 'build/Release/correlator-simulator');

function simulate(...args: string[]) {
  return spawnSync(PROGRAM, args, { encoding: 'utf8' });
}

/** Writes files and gives their paths. */
function write(...args: string[]): string[] {
  const { status, stdout, stderr } = simulate(...args);
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n');
}

/** Contiguous, at the same place in every file: random numbers in the fixtures. */
const ANTENNA_POSITIONS = { start: 17720, end: 17720 + 117 * 3 * 8 };

/** In an object header of the oldest version: 1 in four bytes, then seconds since 1970. */
const isModificationTime = (bytes: Buffer, at: number) =>
  bytes.readUInt32LE(at) === 1 && bytes.readUInt32LE(at + 4) > 1_700_000_000;
const isJulianDate = (bytes: Buffer, at: number) => {
  const value = bytes.readDoubleLE(at);
  return value > 2460000 && value < 2462000;
};

/** Latitude and longitude as the fixtures have them; the simulator writes what the telescope's own software gives. */
const isSite = (ours: Buffer, theirs: Buffer, at: number) =>
  (theirs.readDoubleLE(at) === 37.23337777 && ours.readDoubleLE(at) === 37.2334051) ||
  (theirs.readDoubleLE(at) === -118.283407 && ours.readDoubleLE(at) === -118.283);

/**
 * The fixtures' times begin half an integration earlier, they were made on another day, and their site is 30 m off; no other byte
 * may differ.
 */
function assertSameButTimes(path: string, expected: string): void {
  const [ours, theirs] = [readFileSync(path), readFileSync(expected)];
  assert.equal(ours.length, theirs.length);
  let times = 0;
  for (let at = 0; at + 8 <= ours.length; at += 8) {
    if (ours.compare(theirs, at, at + 8, at, at + 8) === 0) continue;
    if (at >= ANTENNA_POSITIONS.start && at < ANTENNA_POSITIONS.end) continue;
    if (isModificationTime(ours, at) && isModificationTime(theirs, at)) continue;
    if (isSite(ours, theirs, at)) continue;
    assert.ok(isJulianDate(ours, at) && isJulianDate(theirs, at), `bytes from ${at} on`);
    times++;
  }
  assert.ok(times > 0);
}

/** libhdf5 stamps some datasets with the second of their making, so files can only be equal within one. */
function withinOneSecond<T>(action: () => T): T {
  for (;;) {
    const second = Math.floor(Date.now() / 1000);
    const result = action();
    if (Math.floor(Date.now() / 1000) === second) return result;
  }
}

const FIXTURES: readonly [string, ...string[]][] = [
  ['2025-10-04T15:12:13', '--nfreqs', '2', '--nants', '8'],
  ['2025-10-04T15:17:22', '--nfreqs', '1', '--nants', '40'],
  ['2025-10-04T15:22:31', '--nfreqs', '2', '--nants', '8', '--scalar-shape', '1'],
  ['2025-11-07T17:31:12', '--nfreqs', '2', '--nants', '8', '--dec', '16.24', '--ha', '-1.75'],
  ['2026-03-20T11:59:59', '--nfreqs', '2', '--nants', '8', '--dec', '71.6'],
];

for (const [start, ...args] of FIXTURES) {
  test(`a file is laid out byte for byte as h5py does it: ${args.join(' ')}`, (t) => {
    const [path = ''] = write(workspace(t).incoming, '--start', start, ...args);
    assertSameButTimes(path, fixture(`dsa110/${basename(path)}`));
  });
}

for (const format of ['earliest', 'latest']) {
  test(`a file written from memory is the one that libhdf5 would have written: ${format}`, (t) => {
    const { path } = workspace(t);
    const size = ['--nants', '40', '--libver', format];
    const [run, alone] = withinOneSecond(() => [
      write(join(path, 'run'), ...size, '--count', '3', '--gap-after', '4'),
      write(join(path, 'alone'), ...size, '--start', '2025-10-01T00:10:18', '--gap-after', '4'),
    ]);
    const [fromMemory, byLibhdf5] = [run?.at(-1) ?? '', alone?.at(0) ?? ''];
    assert.equal(basename(fromMemory), basename(byLibhdf5));
    assert.ok(readFileSync(fromMemory).equals(readFileSync(byLibhdf5)));
  });
}

test('declinations change as they were asked to, and start over', (t) => {
  const { path } = workspace(t);
  const [files, expected] = withinOneSecond(() => [
    write(join(path, 'run'), '--count', '4', '--dec-steps', '10:2,-20.5:1'),
    ['10', '10', '-20.5', '10'].flatMap((dec, i) => {
      const start = new Date(Date.UTC(2025, 9, 1) + i * 309_000).toISOString().slice(0, 19);
      return write(join(path, 'alone'), '--start', start, '--dec', dec);
    }),
  ]);
  assert.equal(files?.length, 4);
  for (const [i, file] of files?.entries() ?? []) {
    assert.ok(readFileSync(file).equals(readFileSync(expected?.[i] ?? '')), file);
  }
});

for (const [way, workingName] of [
  ['rename', /^2025-10-01T00:00:00_sb00_incomplete\.hdf5$/],
  ['rsync', /^\.2025-10-01T00:00:00_sb00\.hdf5\.[A-Za-z0-9]{6}$/],
  ['in-place', /^2025-10-01T00:00:00_sb00\.hdf5$/],
] as const) {
  test(`a file arrives by ${way}`, async (t) => {
    const { incoming } = workspace(t);
    const seen: string[] = [];
    const watcher = watch(incoming, (_, name) => seen.push(name as string));
    const child = spawn(PROGRAM, [incoming, '--arrive', way, '--pause-ms', '1']);
    assert.deepEqual(await once(child, 'close'), [0, null]);
    while (!seen.includes('2025-10-01T00:00:00_sb00.hdf5')) await sleep(5);
    watcher.close();
    assert.match(seen[0] as string, workingName);
    assert.deepEqual(readdirSync(incoming), ['2025-10-01T00:00:00_sb00.hdf5']);
  });
}

test('now means that the last observation ends now', (t) => {
  const { incoming } = workspace(t);
  const before = Date.now();
  const names = write(incoming, '--start', 'now', '--count', '2').map((path) => basename(path));
  const starts = names.map((name) => Date.parse(`${name.slice(0, 19)}Z`));
  const [first = 0, last = 0] = starts;
  assert.equal(last - first, 309_000);
  assert.ok(last + 309_000 <= Date.now() && last + 309_000 > before - 1000);
});

test('SIGTERM stops it after a whole file', async (t) => {
  const { incoming } = workspace(t);
  const child = spawn(PROGRAM, [incoming, '--count', '0', '--every', '0']);
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.deepEqual(
    readdirSync(incoming).filter((name) => !name.endsWith('_sb00.hdf5')),
    [],
  );
});

test('what cannot be written is told in one line, and no unfinished file is left', (t) => {
  const { incoming } = workspace(t);
  mkdirSync(join(incoming, '2025-10-01T00:00:00_sb00.hdf5'));
  const { status, stdout, stderr } = simulate(incoming);
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(
    stderr,
    /^correlator-simulator: .*2025-10-01T00:00:00_sb00\.hdf5 was not written: .*Is a directory\n$/,
  );
  rmSync(join(incoming, '2025-10-01T00:00:00_sb00.hdf5'), { recursive: true });
  assert.deepEqual(readdirSync(incoming), []);
  assert.match(simulate(incoming, '--skip', 'tme_array').stderr, /never has a dataset of that name\n$/);
  assert.deepEqual(readdirSync(incoming), []);
});

test('bad usage is one line and exit status 2', () => {
  for (const [args, message] of [
    [[], /OUT_DIR is missing/],
    [['x', 'y'], /only one OUT_DIR/],
    [['x', '--colour'], /there is no option --colour/],
    [['x', '--dec'], /--dec: a value is missing/],
    [['x', '--dec', '91'], /--dec: expected degrees from -90 to 90, got 91/],
    [['x', '--dec', 'nan'], /--dec: expected/],
    [['x', '--count=-1'], /--count: expected a whole number, got -1/],
    [['x', '--start', '2025-02-30T00:00:00'], /--start: expected a UTC time/],
    [['x', '--dec-steps', '5:2,7'], /--dec-steps: expected/],
    [['x', '--count', '0'], /--count 0 writes forever: add --every SECONDS/],
    [['x', '--start', 'now', '--every', '0.5'], /--every: must be at least 1 with --start now/],
  ] as const) {
    const { status, stdout, stderr } = simulate(...args);
    assert.deepEqual([status, stdout], [2, ''], stderr);
    assert.match(stderr, message);
    assert.match(stderr, /^correlator-simulator: .*\n$/);
  }
});
