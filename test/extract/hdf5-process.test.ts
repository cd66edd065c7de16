import assert from 'node:assert/strict';
import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Hdf5Pool } from '#src/extract/hdf5-pool.js';
import { type Attempt, Hdf5Process } from '#src/extract/hdf5-process.js';
import { waitFor } from '../helpers/wait.js';
import { fixture, root, workspace } from '../helpers/workspace.js';

const good = fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5');
const MEMORY_BYTES = 512 * 1024 * 1024;

/** One try at a file by a process that runs this script in place of the child. */
async function attemptWith(t: TestContext, script: string): Promise<Attempt & { readonly alive: boolean }> {
  const { path } = workspace(t);
  const program = join(path, 'hdf5-child.mjs');
  writeFileSync(program, script);
  const process = new Hdf5Process(MEMORY_BYTES, program);
  t.after(() => process.stop());
  const attempt = await process.read({ path: good, timeoutSeconds: 20 });
  let isGone = false;
  void process.gone.then(() => {
    isGone = true;
  });
  if (!process.alive) await waitFor('the end of the process', () => isGone);
  return { ...attempt, alive: process.alive };
}

const READY = `{"ready":{"systemCalls":true,"landlockVersion":0,"missing":null}}`;
/** Sends this once it is asked for a file. */
const answering = (...chunks: readonly string[]) => `
  const send = (text) => process.stdout.write(text);
  send(${JSON.stringify(`${READY}\n`)});
  process.stdin.once('data', () => { for (const chunk of ${JSON.stringify(chunks)}) send(chunk); });`;

const OUTCOME = JSON.stringify({
  outcome: { path: good, error: { code: 'bad_type', message: 'Header/latitude is text' } },
});

test('a process that answers as the child does is believed', async (t) => {
  const attempt = await attemptWith(
    t,
    answering('{"extraSeconds":1}\n', OUTCOME.slice(0, 9), `${OUTCOME.slice(9)}\n`),
  );
  assert.equal('outcome' in attempt && attempt.outcome.error?.code, 'bad_type');
  assert.equal(attempt.alive, true);
});

for (const [what, ...chunks] of [
  ['no outcome', '{"columns":null}\n'],
  ['raw bytes', '\u0000\u00ff\u000f\n'],
  ['no line at all', 'x'.repeat(300_000)],
  ['more time again and again', '{"extraSeconds":270}\n', '{"extraSeconds":270}\n'],
  ['the outcome of another file', `${OUTCOME.replace(good, '/other')}\n`],
  ['that it is ready, again', `${READY}\n`],
] as const)
  test(`a process that sends ${what} has crashed, and ends`, async (t) => {
    const { alive, ...attempt } = await attemptWith(t, answering(...chunks));
    assert.deepEqual(attempt, {
      died: 'crashed',
      how: 'reading it crashed the libhdf5 process (it sent what no reader sends)',
    });
    assert.equal(alive, false);
  });

test('a process that something else kills says nothing of the file', async (t) => {
  const attempt = await attemptWith(
    t,
    `process.stdout.write(${JSON.stringify(`${READY}\n`)});
    process.stdin.once('data', () => process.kill(process.pid, 'SIGKILL'));`,
  );
  assert.deepEqual(attempt, {
    died: 'killed',
    how: 'the libhdf5 process was killed, as when memory is short (SIGKILL)',
    alive: false,
  });
});

test('a process that cannot load the Earth orientation is not held against the file', async (t) => {
  const attempt = await attemptWith(
    t,
    `import { createRequire } from 'node:module';
    const addon = createRequire(import.meta.url)(${JSON.stringify(join(root, 'build/Release/pointing_monitor.node'))});
    addon.loadEarthOrientation = () => { throw new Error('the table is damaged'); };
    await import(${JSON.stringify(pathToFileURL(join(root, 'dist/extract/hdf5-child.js')).href)});`,
  );
  assert.deepEqual(attempt, {
    died: 'not_started',
    how: 'the libhdf5 process did not start (the table is damaged)',
    alive: false,
  });
});

const throwing = () => {
  throw new Error('spawn failed');
};
/** As Node.js does where no descriptor is left. */
const reportingLater = () => {
  const child = Object.assign(new EventEmitter(), { unref() {}, kill: () => false });
  process.nextTick(() => child.emit('error', new Error('spawn failed')));
  return child;
};

for (const [what, spawning] of Object.entries({ throwing, reportingLater }))
  test(`where the system grants no process, ${what}, no file is to blame, each has its answer, and later ones are read`, async (t) => {
    const pool = new Hdf5Pool({ processes: 1, timeoutSeconds: 30, memoryBytes: MEMORY_BYTES });
    t.after(() => pool.close());
    const { spawn } = childProcess;
    childProcess.spawn = spawning as never;
    syncBuiltinESMExports();
    try {
      for (const attempt of await Promise.all([good, good, good].map((path) => pool.read(path))))
        assert.deepEqual(attempt, {
          died: 'not_started',
          how: 'the libhdf5 process did not start (spawn failed)',
        });
    } finally {
      childProcess.spawn = spawn;
      syncBuiltinESMExports();
    }
    assert.ok('outcome' in (await pool.read(good)));
  });
