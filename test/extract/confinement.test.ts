import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Hdf5Pool } from '#src/extract/hdf5-pool.js';
import { childrenOf } from '../helpers/processes.js';
import { fixture, root, workspace } from '../helpers/workspace.js';

const good = fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5');
const options = { processes: 1, timeoutSeconds: 30, memoryBytes: 512 * 1024 * 1024 };

/** The libhdf5 process, once it has read a file. */
async function readingProcess(t: { after(end: () => void): void }): Promise<number> {
  const pool = new Hdf5Pool(options);
  t.after(() => pool.close());
  assert.ok('outcome' in (await pool.read(good)));
  const [pid] = childrenOf(process.pid, 'hdf5-child');
  return pid as number;
}

test('every thread of the libhdf5 process is confined', async (t) => {
  const pid = await readingProcess(t);
  const threads = readdirSync(`/proc/${pid}/task`);
  assert.ok(threads.length > 1);
  for (const thread of threads) {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    assert.match(status, /^NoNewPrivs:\s1$/m);
    assert.match(status, /^Seccomp:\s2$/m);
  }
});

test('the libhdf5 process knows nothing of the environment, the database among it', async (t) => {
  process.env.CONTIMG_PRODUCTS_DB = 'postgresql://writer:secret@db/contimg';
  t.after(() => {
    delete process.env.CONTIMG_PRODUCTS_DB;
  });
  const environment = readFileSync(`/proc/${await readingProcess(t)}/environ`, 'utf8');
  assert.doesNotMatch(environment, /secret/);
  assert.match(environment, /HDF5_USE_FILE_LOCKING=FALSE/);
});

test('confined, Node writes nothing, connects nowhere and starts nothing, but threads, and reads', (t) => {
  const { path } = workspace(t);
  const script = `
    const addon = require(${JSON.stringify(join(root, 'build/Release/pointing_monitor.node'))});
    const fs = require('node:fs'), net = require('node:net'), { spawnSync } = require('node:child_process');
    const { Worker } = require('node:worker_threads');
    addon.loadEarthOrientation('vendor/iers/earth-orientation.txt', 'vendor/iers/Leap_Second.dat');
    const isRing = (fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd) === 'anon_inode:[io_uring]'; } catch { return false; } };
    const usesIoUring = fs.readdirSync('/proc/self/fd').some(isRing);
    const seen = { confinement: addon.confine(), usesIoUring };
    const codeOf = (action) => { try { action(); return 'done'; } catch (error) { return error.code; } };
    seen.write = codeOf(() => fs.writeFileSync('${path}/x', ''));
    seen.append = codeOf(() => fs.appendFileSync('${path}/there', ''));
    seen.mkdir = codeOf(() => fs.mkdirSync('${path}/d'));
    seen.unlink = codeOf(() => fs.unlinkSync('${path}/there'));
    seen.spawn = spawnSync('/bin/true').error?.code;
    seen.status = addon.readPointings(['${good}'], 'libhdf5', 1, 30).status[0];
    seen.memory = Buffer.alloc(50e6, 1)[1];
    net.connect(9, '127.0.0.1').on('error', ({ code }) => {
      seen.connect = code;
      new Worker('require("node:worker_threads").parentPort.postMessage(1)', { eval: true })
        .on('message', () => {
          seen.worker = true;
          fs.writeSync(1, JSON.stringify(seen));
        });
    });`;
  writeFileSync(join(path, 'there'), '');
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: root });
  assert.ok(stdout, stderr);
  const { confinement, usesIoUring, ...seen } = JSON.parse(stdout);
  assert.equal(confinement.systemCalls, true);
  assert.equal(/^Landlock/.test(confinement.missing ?? ''), confinement.landlockVersion === 0);
  assert.equal(/seccomp: Node.js uses io_uring/.test(confinement.missing ?? ''), usesIoUring);
  assert.equal(confinement.missing === null, confinement.landlockVersion > 0 && !usesIoUring);
  const refused = seen.write;
  assert.ok(['EPERM', 'EACCES'].includes(refused), refused);
  assert.deepEqual(seen, {
    write: refused,
    append: refused,
    mkdir: refused,
    unlink: refused,
    spawn: 'EPERM',
    status: 0,
    memory: 1,
    connect: 'EPERM',
    worker: true,
  });
});
