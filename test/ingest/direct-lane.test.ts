/** Suspects: files whose file system did not answer when they were read. The reader here answers as the test says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DirectResult } from '#src/extract/direct-reader.js';
import { DirectLane } from '#src/ingest/direct-lane.js';
import type { QueuedFile } from '#src/ingest/queue/read-queue.js';
import { createLogger } from '#src/log/logger.js';
import { waitFor } from '../helpers/wait.js';

function lane() {
  const silent = new Set<string>();
  const hastened: string[][] = [];
  const asked: string[] = [];
  const result = (path: string): DirectResult =>
    silent.has(path)
      ? { unanswered: true }
      : { outcome: { path, error: { code: 'not_hdf5', message: 'it is text' } } };
  const direct = new DirectLane(
    4,
    {
      extractor: {
        readDirect: async (paths) => {
          asked.push(...paths);
          return paths.map(result);
        },
      },
      gate: { classify: async () => undefined },
      isSilent: (path) => path.startsWith('/dead/'),
      log: createLogger('ERROR'),
    },
    { onBatch: () => {}, onOther: () => {}, onAnswer: (suspects) => hastened.push([...suspects]) },
  );
  const read = async (...paths: string[]) => {
    direct.read(paths.map((path): QueuedFile => ({ path, source: 'scan', attempts: 1, firstTriedAt: 0 })));
    await waitFor('the end of the reading', () => direct.filesInFlight === 0);
  };
  return { direct, silent, hastened, asked, read };
}

test('the first suspect that answers hastens the others', async () => {
  const { direct, silent, hastened, read } = lane();
  for (const path of ['/a', '/b', '/c']) silent.add(path);
  await read('/a', '/b', '/c', '/sound');
  await read('/a');
  assert.equal(direct.suspects, 3);
  assert.deepEqual(hastened, []);
  silent.clear();
  await read('/b');
  assert.deepEqual(hastened, [['/c', '/a']]);
});

test('suspects take turns, also when all of them have been tried at once', async () => {
  const { direct, silent, read } = lane();
  const paths = ['/a', '/b', '/c', '/d'];
  for (const path of paths) silent.add(path);
  for (let round = 0; round < 3; round++) {
    await read(...paths);
    assert.deepEqual(
      paths.map((path) => direct.retrySuspectInSeconds(path)),
      [15, 30, 45, 60],
    );
  }
  await read('/a');
  assert.equal(direct.retrySuspectInSeconds('/a'), 60);
  direct.forget('/b');
  await read('/a');
  assert.equal(direct.retrySuspectInSeconds('/a'), 45);
});

test('a file on a mount that is known not to answer costs no thread', async () => {
  const { direct, asked, read } = lane();
  await read('/dead/a', '/sound', '/dead/b');
  assert.deepEqual(asked, ['/sound']);
  assert.deepEqual([direct.isSuspect('/dead/a'), direct.isSuspect('/sound')], [true, false]);
});

test('a file that nobody waits for any more is no suspect', async () => {
  const { direct, silent, read } = lane();
  silent.add('/a');
  await read('/a');
  assert.equal(direct.suspects, 1);
  direct.forget('/a');
  assert.equal(direct.suspects, 0);
  assert.equal(direct.isSuspect('/a'), false);
  assert.equal(direct.mayHang, true);
});
