import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { headerQualityWords } from '#src/native/outcome.js';

const ADDON = join(process.cwd(), 'build/Release/pointing_monitor.node');
const EARTH = ['earth-orientation.txt', 'Leap_Second.dat'].map((name) =>
  join(process.cwd(), 'vendor/iers', name),
);
const SAMPLE = join(process.cwd(), 'test/fixtures/dsa110/2025-10-04T15:12:13_sb00.hdf5');
const GZIPPED = join(process.cwd(), 'test/fixtures/dsa110/2024-12-31T23:58:00_sb00.hdf5');
const HERA = join(process.cwd(), 'test/fixtures/uvh5/zen.2459122.25108.sum.uvh5');
const ATA = join(process.cwd(), 'test/fixtures/uvh5/ata.LoA.C0352.uvh5_60647_62965_9760406_3c286_0001.uvh5');
const { errorCodes, limitMemory, loadEarthOrientation, qualityWords, readPointings, versions } =
  createRequire(import.meta.url)(ADDON);

let directory = '';
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'readers-'));
  writeFileSync(join(directory, 'text.hdf5'), 'no HDF5 file');
  loadEarthOrientation(...EARTH);
});
after(() => rmSync(directory, { recursive: true }));

test('a column for each value, all in one buffer', () => {
  const columns = readPointings([SAMPLE, SAMPLE], 'direct', 2, 30);
  const arrays = Object.values(columns).filter((column) => ArrayBuffer.isView(column));
  assert.equal(arrays.length, 18);
  for (const { buffer, length } of arrays as Float64Array[]) {
    assert.equal(buffer, columns.status.buffer);
    assert.equal(length, 2);
  }
  assert.deepEqual(columns.status, new Uint8Array([0, 0]));
  assert.deepEqual(columns.nTimes, new Uint32Array([24, 24]));
  assert.equal(columns.sizeBytes[0], statSync(SAMPLE).size);
  assert.equal(columns.mtimeUs[0], Number(statSync(SAMPLE, { bigint: true }).mtimeNs / 1000n));
  assert.equal(columns.ctimeUs[0], Number(statSync(SAMPLE, { bigint: true }).ctimeNs / 1000n));
  assert.ok(Math.abs(columns.decDeg[1] - 54.57) < 1e-9);
  assert.deepEqual(columns.messages, {});
});

test('the instrument, how long and at which frequencies', () => {
  const { instruments, instrument, durationSeconds, minFrequencyHz, maxFrequencyHz, quality } = readPointings(
    [SAMPLE, GZIPPED, SAMPLE, HERA, ATA],
    'libhdf5',
    1,
    30,
  );
  assert.deepEqual(Array.from(instrument), [0, 0, 0, 1, 2]);
  assert.deepEqual(instruments[0], {
    name: 'OVRO_MMA',
    site: { latitudeDeg: 37.23337777, longitudeDeg: -118.283407, altitudeM: 1188.0519 },
    dishM: 4.65,
  });
  assert.deepEqual(
    instruments.slice(1).map(({ name, dishM }: { name: string; dishM: number | null }) => [name, dishM]),
    [
      ['HERA', 14],
      ['ATA', 6.1],
    ],
  );
  // Each value by h5py.
  const near = (column: Float64Array, i: number, expected: number) =>
    assert.ok(Math.abs((column[i] as number) - expected) < 1e-6, `${column[i]}, expected ${expected}`);
  near(durationSeconds, 0, 309.237645312);
  near(minFrequencyHz, 0, 1529633789.0625);
  near(maxFrequencyHz, 0, 1530122070.3125);
  near(minFrequencyHz, 3, 46859741.2109375);
  near(maxFrequencyHz, 3, 234359741.2109375);
  near(minFrequencyHz, 4, 1251750000);
  near(maxFrequencyHz, 4, 1259750000);
  const words = Array.from(quality as Uint8Array, (bits) =>
    qualityWords.filter((_word: string, bit: number) => bits & (1 << bit)),
  );
  assert.deepEqual(words[0], ['even']);
});

test('the words for quality are those that the addon has', () => {
  assert.deepEqual(qualityWords, [...headerQualityWords]);
});

test('files that cannot be read have a code, a message and no values', () => {
  const paths = [join(directory, 'text.hdf5'), SAMPLE, join(directory, 'missing.hdf5'), GZIPPED];
  const columns = readPointings(paths, 'direct', 2, 30);
  const codes = Array.from(columns.status as Uint8Array, (status) => errorCodes[status - 1]);
  assert.deepEqual(codes, ['not_hdf5', undefined, 'io_error', undefined]);
  assert.equal(columns.status[3], 255);
  assert.deepEqual(Object.keys(columns.messages), ['0', '2', '3']);
  assert.match(columns.messages[2], /^cannot be opened: No such file/);
  assert.deepEqual([columns.sizeBytes[0], columns.sizeBytes[2], columns.mtimeUs[2]], [12, -1, -1]);
  assert.deepEqual([columns.raDeg[0], columns.midTimeMjdUtc[2]], [Number.NaN, Number.NaN]);
  assert.equal(readPointings([GZIPPED], 'libhdf5', 1, 30).status[0], 0);
});

test('names that no file can have are failures of their own', () => {
  const columns = readPointings(['', '\0', `${SAMPLE}\0`, '\ud800', 'a'.repeat(10_000)], 'direct', 2, 30);
  for (const status of columns.status) assert.equal(errorCodes[status - 1], 'io_error');
});

test('wrong arguments throw and say what is expected', () => {
  assert.throws(() => readPointings(SAMPLE, 'direct', 2, 30), /expects an array of paths/);
  assert.throws(
    () => readPointings([SAMPLE]),
    /expects an array of paths, the name of a reader, how many .* and the seconds/,
  );
  assert.throws(() => readPointings([SAMPLE], 'other', 1, 30), /the reader must be "direct" or "libhdf5"/);
  assert.throws(() => readPointings([SAMPLE, 1], 'direct', 2, 30), /paths must be strings/);
  assert.throws(() => limitMemory('1'), /expects a number of bytes/);
  assert.throws(() => limitMemory(-1), /expects a number of bytes/);
  assert.equal(readPointings([], 'direct', 2, 30).status.length, 0);
  assert.match(versions.hdf5, /^\d+\.\d+\.\d+$/);
});

test('libhdf5 starts up when it is asked for something, not when the addon is loaded', () => {
  const script = `
    const { versions } = require(${JSON.stringify(ADDON)});
    process.stderr.write('loaded ');
    process.stdout.write(versions.hdf5);`;
  // Of this variable libhdf5 complains as soon as it starts up.
  const env = { ...process.env, HDF5_DEBUG: 'nothing' };
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env });
  assert.equal(stdout, versions.hdf5);
  assert.match(stderr, /^loaded .*HDF5_DEBUG/);
});

test('a watched directory that is gone fails its files with a code that is retried', () => {
  for (const reader of ['direct', 'libhdf5']) {
    const columns = readPointings([SAMPLE], reader, 1, 30, join(directory, 'gone'));
    assert.equal(errorCodes[columns.status[0] - 1], 'io_error');
    assert.match(columns.messages[0], /the watched directory cannot be opened: No such file/);
  }
});

test('a file outside the watched directory is not read', () => {
  const inside = readPointings([SAMPLE], 'direct', 1, 30, join(SAMPLE, '..'));
  assert.equal(inside.status[0], 0);
  for (const reader of ['direct', 'libhdf5']) {
    const outside = readPointings([SAMPLE], reader, 1, 30, directory);
    assert.equal(errorCodes[outside.status[0] - 1], 'unsupported');
    assert.match(outside.messages[0], /leads out of the watched directory/);
  }
});

test('with no time at all either reader reports a timeout', () => {
  for (const [reader, code] of [
    ['direct', 'timeout'],
    ['libhdf5', 'timeout'],
  ]) {
    const columns = readPointings([SAMPLE], reader, 1, 0);
    assert.equal(errorCodes[columns.status[0] - 1], code);
    assert.match(columns.messages[0], /within the time limit of 0 s/);
  }
});

test('endProcess ends a process at once, with its code', () => {
  const script = `
    process.on('exit', () => console.log('exit'));
    require(${JSON.stringify(ADDON)}).endProcess(3);`;
  const { status, stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  assert.equal(status, 3);
  assert.equal(stdout, '');
});

test('without the earth orientation nothing is read', () => {
  const script = `require(${JSON.stringify(ADDON)}).readPointings([], 'direct', 2, 30)`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /call loadEarthOrientation first/);
});

test('workers read, hand over their columns and end; others go on', async () => {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { readPointings } = require(${JSON.stringify(ADDON)});
    for (let i = 0; i < 20; i++) {
      const columns = readPointings(workerData, 'direct', 2, 30);
      parentPort.postMessage(columns, [columns.status.buffer]);
    }`;
  const expected = readPointings([SAMPLE], 'direct', 2, 30).raDeg[0];
  const right = async () => {
    const worker = new Worker(script, { eval: true, workerData: [SAMPLE] });
    let count = 0;
    worker.on('message', (columns) => {
      if (columns.raDeg[0] === expected) count++;
    });
    await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
    return count;
  };
  for (let round = 0; round < 3; round++) {
    assert.deepEqual(await Promise.all([right(), right(), right(), right()]), [20, 20, 20, 20]);
  }
});
