import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';

const ADDON = join(process.cwd(), 'build/Release/pointing_monitor.node');
const { TreeScanner, lookAtPaths, matches } = createRequire(import.meta.url)(ADDON);

let root = '';
before(() => {
  root = mkdtempSync(join(tmpdir(), 'scanner-'));
  for (const name of ['a_sb00.hdf5', 'b_sb00.hdf5', 'b_sb01.hdf5']) writeFileSync(join(root, name), '12');
});
after(() => rmSync(root, { recursive: true }));

test('next gives batches, then null forever', async () => {
  const scanner = new TreeScanner(root, '*_sb00.hdf5');
  const batch = await scanner.next(10);
  assert.deepEqual(batch.paths.toSorted(), [join(root, 'a_sb00.hdf5'), join(root, 'b_sb00.hdf5')]);
  assert.deepEqual(batch.sizeBytes, new Float64Array([2, 2]));
  assert.ok(batch.mtimeUs instanceof Float64Array && batch.mtimeUs[0] > 1.7e15);
  assert.deepEqual([batch.directories, batch.unreadable, batch.entriesSeen], [[root], [], 3]);
  assert.equal(await scanner.next(10), null);
  assert.equal(await scanner.next(10), null);
});

test('a second call while one runs throws, and the first is unharmed', async () => {
  const scanner = new TreeScanner(root, '*_sb00.hdf5');
  const first = scanner.next(10);
  assert.throws(() => scanner.next(10), /the scan is busy/);
  assert.equal((await first).paths.length, 2);
});

test('close ends a scan, also while a call runs', async () => {
  const scanner = new TreeScanner(root, '*_sb00.hdf5');
  const running = scanner.next(1);
  scanner.close();
  scanner.close();
  assert.equal((await running).paths.length, 1);
  assert.equal(await scanner.next(1), null);
});

test("a root that cannot be opened rejects with the system's code", async () => {
  const missing = join(root, 'missing');
  await assert.rejects(new TreeScanner(missing, '*').next(1), {
    code: 'ENOENT',
    path: missing,
    message: `the directory ${missing} cannot be scanned: No such file or directory`,
  });
  await assert.rejects(new TreeScanner(join(root, 'a_sb00.hdf5'), '*').next(1), { code: 'ENOTDIR' });
});

test('wrong arguments are refused by name', () => {
  assert.throws(() => new TreeScanner(1, '*'), { name: 'TypeError', message: /^root: / });
  assert.throws(() => new TreeScanner('a\0b', '*'), { name: 'TypeError', message: /^root: / });
  assert.throws(() => new TreeScanner(root), { name: 'TypeError', message: /^pattern: / });
  assert.throws(() => matches(), { name: 'TypeError', message: /^name: / });
  for (const limit of [undefined, 0, -1, Number.NaN, 1e7, '5']) {
    assert.throws(() => new TreeScanner(root, '*').next(limit), { name: 'RangeError', message: /^limit: / });
  }
});

test('matches agrees with the scan', () => {
  assert.equal(matches('a_sb00.hdf5', '*_sb00.hdf5'), true);
  assert.equal(matches('.a_sb00.hdf5', '*_sb00.hdf5'), false);
  assert.equal(matches('a_sb00_incomplete.hdf5', '*'), false);
});

test('links that lead out, and linked directories, are counted and named, and followed on request', async () => {
  const tree = mkdtempSync(join(tmpdir(), 'scanner-links-'));
  try {
    symlinkSync(root, join(tree, 'linked'));
    symlinkSync(join(root, 'a_sb00.hdf5'), join(tree, 'out_sb00.hdf5'));
    const passing = await new TreeScanner(tree, '*_sb00.hdf5').next(10);
    assert.deepEqual(passing.paths, []);
    assert.deepEqual(passing.linkedDirectories, { count: 1, paths: [join(tree, 'linked')] });
    assert.deepEqual(passing.linksOutside, { count: 1, paths: [join(tree, 'out_sb00.hdf5')] });
    const following = await new TreeScanner(tree, '*_sb00.hdf5', true).next(10);
    assert.deepEqual(following.paths.toSorted(), [
      join(tree, 'linked', 'a_sb00.hdf5'),
      join(tree, 'linked', 'b_sb00.hdf5'),
      join(tree, 'out_sb00.hdf5'),
    ]);
    assert.equal(following.linkedDirectories.count, 0);
  } finally {
    rmSync(tree, { recursive: true });
  }
});

test('a look at a path says what a scan would make of it', async () => {
  const tree = mkdtempSync(join(tmpdir(), 'scanner-looks-'));
  try {
    const file = join(tree, 'file');
    writeFileSync(file, '123');
    mkdirSync(join(tree, 'directory'));
    symlinkSync(root, join(tree, 'linked'));
    symlinkSync(join(root, 'a_sb00.hdf5'), join(tree, 'out'));
    symlinkSync('self', join(tree, 'self'));
    const names = ['file', 'directory', 'linked', 'out', 'self', 'absent'];
    const paths = names.map((name) => join(tree, name));
    const looks = await lookAtPaths(paths, tree, false);
    const { mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    assert.deepEqual(looks, [
      { kind: 'file', sizeBytes: 3, mtimeUs: Number(mtimeNs / 1000n), ctimeUs: Number(ctimeNs / 1000n) },
      { kind: 'directory' },
      { kind: 'linked_directory' },
      { kind: 'outside' },
      { kind: 'unreadable', message: 'Too many levels of symbolic links' },
      { kind: 'vanished' },
    ]);
    assert.equal((await lookAtPaths([join(tree, 'out')], tree, true))[0].kind, 'file');
  } finally {
    rmSync(tree, { recursive: true });
  }
});

test('a worker thread that ends in the middle of a scan takes nothing down with it', async () => {
  const source = `
    const { TreeScanner } = require(${JSON.stringify(ADDON)});
    const scanner = new TreeScanner("/usr", "*.h");
    // The worker lives until it is ended.
    setInterval(() => {}, 60000);
    scanner.next(100000);
    require("node:worker_threads").parentPort.postMessage("running");`;
  for (let i = 0; i < 5; i += 1) {
    const worker = new Worker(source, { eval: true });
    await new Promise((resolve) => worker.once('message', resolve));
    assert.equal(await worker.terminate(), 1);
  }
  assert.equal((await new TreeScanner(root, '*_sb00.hdf5').next(10)).paths.length, 2);
});

test('with leaveLinks nothing is asked of what links lead to: those whose name matches are unreadable', async (t) => {
  const tree = mkdtempSync(join(tmpdir(), 'links-'));
  t.after(() => rmSync(tree, { recursive: true }));
  writeFileSync(join(tree, 'a_sb00.hdf5'), '12');
  symlinkSync('a_sb00.hdf5', join(tree, 'b_sb00.hdf5'));
  symlinkSync(tmpdir(), join(tree, 'archive'));
  const batch = await new TreeScanner(tree, '*_sb00.hdf5', false, [], true).next(10);
  assert.deepEqual(batch.paths, [join(tree, 'a_sb00.hdf5')]);
  assert.deepEqual(batch.unreadable, [
    { path: join(tree, 'b_sb00.hdf5'), message: 'cannot be read: Connection timed out' },
  ]);
});
