import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { Extractor, extractorDefaults } from '#src/extract/extractor.js';
import { Hdf5Pool, type Hdf5PoolOptions } from '#src/extract/hdf5-pool.js';
import type { Outcome } from '#src/native/outcome.js';
import { writeEndless } from '../helpers/endless.js';
import { childrenOf, killIfThere } from '../helpers/processes.js';
import { waitFor } from '../helpers/wait.js';
import { fixture, workspace } from '../helpers/workspace.js';

const good = fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5');
const options = { processes: 1, timeoutSeconds: 30, memoryBytes: 512 * 1024 * 1024 };

/** Reads every file by libhdf5. */
class Reader {
  readonly #extractor: Extractor;

  constructor(hdf5: Hdf5PoolOptions) {
    this.#extractor = new Extractor({ ...extractorDefaults, reader: 'libhdf5', hdf5 });
  }

  get restarts(): number {
    return this.#extractor.restarts;
  }

  async extract(path: string): Promise<Outcome> {
    return (await this.#extractor.extract([path]))[0] as Outcome;
  }

  close(): Promise<void> {
    return this.#extractor.close();
  }
}

/** The libhdf5 processes of this test. */
const children = () => childrenOf(process.pid, 'hdf5-child');

/** Kills every libhdf5 process as soon as it appears, until told to stop. */
function killAll(): () => void {
  const timer = setInterval(() => children().forEach(killIfThere), 5);
  return () => clearInterval(timer);
}

test('a process killed once while reading is replaced, and the file is read', async (t) => {
  const pool = new Reader(options);
  t.after(() => pool.close());
  // Warm, so that it dies while it reads and not while it starts.
  assert.ok((await pool.extract(good)).pointing);
  const [pid] = children();
  process.kill(pid as number, 'SIGSTOP');
  const reading = pool.extract(good);
  process.kill(pid as number, 'SIGKILL');
  const outcome = await reading;
  assert.equal(outcome.pointing?.raDeg.toFixed(4), '123.9537');
  assert.equal(pool.restarts, 1);
});

test('a process that hangs is replaced, and the next file is read', async (t) => {
  const pool = new Reader({ ...options, timeoutSeconds: 2 });
  t.after(() => pool.close());
  // Warm, so that it is the reading that hangs and not the start.
  assert.ok((await pool.extract(good)).pointing);
  const [pid] = children();
  process.kill(pid as number, 'SIGSTOP');
  const [hung, next] = await Promise.all([
    pool.extract(good),
    pool.extract(fixture('dsa110/2025-11-07T17:31:12_sb00.hdf5')),
  ]);
  assert.equal(hung.error?.code, 'timeout');
  assert.ok(next.pointing, next.error?.message);
  assert.equal(pool.restarts, 1);
});

test('a file that takes longer than its time is a timeout, and is tried once', async (t) => {
  const { path } = workspace(t);
  const endless = join(path, 'endless.hdf5');
  writeEndless(good, endless);
  const pool = new Reader({ ...options, timeoutSeconds: 0.3, memoryBytes: 2 ** 32 });
  t.after(() => pool.close());
  const { error } = await pool.extract(endless);
  assert.equal(error?.code, 'timeout');
  assert.match(error?.message ?? '', /libhdf5 did not finish in time \(no answer for \d+ s\)/);
  assert.equal(pool.restarts, 1);
});

test('a process that cannot be started is not held against the file', async (t) => {
  const pool = new Reader(options);
  t.after(() => pool.close());
  const release = killAll();
  try {
    const outcome = await pool.extract(good);
    assert.equal(outcome.error?.code, 'io_error', JSON.stringify(outcome));
  } finally {
    release();
  }
  assert.ok((await pool.extract(good)).pointing);
});

test('many files share few processes, each with its own answer', async (t) => {
  const pool = new Reader({ ...options, processes: 2 });
  t.after(() => pool.close());
  const names = readdirSync(fixture('dsa110')).map((name) => fixture(`dsa110/${name}`));
  const files = Array.from({ length: 60 }, (_, i) => names[i % names.length] as string);
  const outcomes = await Promise.all(files.map((file) => pool.extract(file)));
  assert.deepEqual(
    outcomes.map(({ path }) => path),
    files,
  );
  for (const { path, error } of outcomes) assert.equal(error, undefined, basename(path));
  assert.ok(children().length <= 2);
});

test('closing ends the processes', async () => {
  const pool = new Reader(options);
  await pool.extract(good);
  assert.equal(children().length, 1);
  await pool.close();
  await waitFor('their end', () => children().length === 0);
});

test('closing while files wait starts no further process', async () => {
  const pool = new Reader(options);
  const readings = [pool.extract(good), pool.extract(good), pool.extract(good)];
  await waitFor('the process', () => children().length > 0);
  await pool.close();
  for (const { error } of await Promise.all(readings)) assert.ok(error);
  await waitFor('their end', () => children().length === 0);
});

test('a read that notices its own limit is a try like one whose process was killed, and its process goes on', async (t) => {
  // Less than nothing, since large files get more.
  const pool = new Hdf5Pool({ ...options, timeoutSeconds: -0.02 });
  t.after(() => pool.close());
  const attempt = await pool.read(good);
  assert.equal('died' in attempt && attempt.died, 'timeout');
  assert.equal(pool.restarts, 0);
  assert.equal(children().length, 1);
});
