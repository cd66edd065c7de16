import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { test } from 'node:test';
import { MountQuestions, parseMounts } from '#src/ingest/watch/mounts.js';
import { workspace } from '../../helpers/workspace.js';

const TABLE = `22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:27 / /data/incoming rw,relatime shared:2 - tmpfs tmpfs rw
31 30 0:28 / /data/incoming/node\\0401 rw,relatime - nfs4 server:/x rw
32 31 0:29 / /data/incoming/node\\0401/deep rw - tmpfs tmpfs rw
33 22 0:30 / /data/incoming2 rw - tmpfs tmpfs rw
`;

test('the mounts at, above and below a directory are told apart from its neighbours', () => {
  assert.deepEqual(parseMounts(TABLE, '/data/incoming'), {
    fingerprint: '22 30 31 32',
    below: ['/data/incoming/node 1', '/data/incoming/node 1/deep'],
  });
  assert.deepEqual(parseMounts(TABLE, '/data/incoming2').below, []);
  assert.deepEqual(parseMounts(TABLE, '/').below.length, 4);
});

test('a mount that is made again has another fingerprint', () => {
  const again = TABLE.replace('30 22 0:27', '41 22 0:27');
  assert.notEqual(
    parseMounts(again, '/data/incoming').fingerprint,
    parseMounts(TABLE, '/data/incoming').fingerprint,
  );
});

test('a file system that answers is told from one that could not be asked', async (t) => {
  const { incoming } = workspace(t);
  assert.equal(await new MountQuestions().answersWithin(30, incoming), true);
  assert.equal(
    await new MountQuestions().answersWithin(30, `${incoming}/none`),
    true,
    'an error is an answer',
  );
  const absent = () => spawn('/nonexistent/find');
  assert.equal(await new MountQuestions(absent as never).answersWithin(30, incoming), undefined);
  const withoutMemory = () => {
    throw Object.assign(new Error('spawn ENOMEM'), { code: 'ENOMEM' });
  };
  assert.equal(await new MountQuestions(withoutMemory as never).answersWithin(30, incoming), undefined);
});

test('a file system that keeps its process is asked again only once that has ended', async (t) => {
  const started: ChildProcess[] = [];
  const sleeping = () => {
    // As on a dead disk, the kill has no effect while the process waits.
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    started.push(child);
    return Object.assign(Object.create(child), { kill: () => true, once: child.once.bind(child) });
  };
  // What is asked keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  t.after(() => {
    clearInterval(alive);
    for (const child of started) child.kill('SIGKILL');
  });
  const questions = new MountQuestions(sleeping as never);
  assert.equal(await questions.answersWithin(0.05, '/mnt'), false);
  assert.equal(await questions.answersWithin(0.05, '/mnt'), false);
  assert.equal(started.length, 1);
  const ended = new Promise((resolve) => started[0]?.once('exit', resolve));
  started[0]?.kill('SIGKILL');
  await ended;
  assert.equal(await questions.answersWithin(0.05, '/mnt'), false);
  assert.equal(started.length, 2);
});
