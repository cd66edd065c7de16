import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fullScan } from '#src/ingest/watch/full-scan.js';
import type { ListedFile } from '#src/native/outcome.js';
import { openStore } from '#src/store/open.js';
import { simulate } from '../../helpers/simulator.js';
import { workspace } from '../../helpers/workspace.js';

const LIMITS = { leaveOut: [], leaveLinks: false, stepSeconds: 60, onHang: () => {}, onLateEnd: () => {} };

/** A file that the ledger has as failed with this code. */
async function failedFile(t: TestContext, code: 'io_error' | 'not_stored' | 'not_hdf5') {
  const { incoming, productsDb } = workspace(t);
  const [path] = simulate(incoming, ['--count', '1']) as [string];
  const { size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const store = await openStore(productsDb, { host: 'here' });
  t.after(() => store.close());
  const version = {
    sizeBytes: Number(size),
    mtimeUs: Number(mtimeNs / 1000n),
    ctimeUs: Number(ctimeNs / 1000n),
  };
  const outcome = { path, version, error: { code, message: 'the disk was away' } };
  await store.record([{ outcome, state: 'failed', attempts: 3 }]);
  const scan = async (retryFaultless: boolean) => {
    const offered: string[] = [];
    const report = await fullScan({
      onListed: () => {},
      directory: incoming,
      pattern: '*_sb00.hdf5',
      followLinks: false,
      store,
      limits: LIMITS,
      retryFaultless,
      offer: async (file: ListedFile) => {
        offered.push(file.path);
        return 'new';
      },
      aborted: () => false,
    });
    return { offered, report };
  };
  return { path, incoming, scan };
}

test('a file that the operating system could not read is offered again after an outage, and not at every scan', async (t) => {
  const { path, scan } = await failedFile(t, 'io_error');
  assert.deepEqual((await scan(false)).offered, []);
  const { offered, report } = await scan(true);
  assert.deepEqual(offered, [path]);
  assert.equal(report.waiting, 1);
});

test('a file that the database refused is offered again in the same way, and reported for as long as it is refused', async (t) => {
  const { path, scan } = await failedFile(t, 'not_stored');
  const { offered, report } = await scan(false);
  assert.deepEqual(offered, []);
  assert.deepEqual(report.refused, { files: 1, path });
  assert.deepEqual((await scan(true)).offered, [path]);
});

test('a file that failed for what it holds is not offered again', async (t) => {
  const { scan } = await failedFile(t, 'not_hdf5');
  const { offered, report } = await scan(true);
  assert.deepEqual(offered, []);
  assert.equal(report.failed, 1);
});

test('a directory that is left out of a scan is not entered', async (t) => {
  const { incoming } = workspace(t);
  simulate(join(incoming, 'in'), ['--count', '1']);
  simulate(join(incoming, 'out'), ['--count', '2']);
  const report = await fullScan({
    onListed: () => {},
    directory: incoming,
    pattern: '*_sb00.hdf5',
    followLinks: false,
    store: { classify: async (files) => files.map(() => ({ state: 'unread', errorCode: null })) },
    limits: { ...LIMITS, leaveOut: [join(incoming, 'out')] },
    retryFaultless: false,
    offer: async () => 'new',
    aborted: () => false,
  });
  assert.equal(report.foundByScan, 1);
});
