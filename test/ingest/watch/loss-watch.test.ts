import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LossWatch } from '#src/ingest/watch/loss-watch.js';
import { StatGate } from '#src/ingest/watch/stat-gate.js';
import { operatingSystem } from '#src/native/process.js';
import { needs } from '../../helpers/needs.js';
import { workspace } from '../../helpers/workspace.js';

async function watching(t: TestContext, ...directories: string[]): Promise<LossWatch> {
  const losses = new LossWatch(new StatGate(5, { directory: directories[0] as string, followLinks: false }));
  t.after(() => losses.close());
  await losses.renew(directories);
  return losses;
}

test('a directory that is deleted is lost, once; what is created or deleted in it changes nothing', async (t) => {
  const { incoming } = workspace(t);
  const below = join(incoming, 'below');
  mkdirSync(below);
  const losses = await watching(t, incoming, below);
  writeFileSync(join(incoming, 'a'), '');
  mkdirSync(join(incoming, 'new'));
  rmdirSync(join(incoming, 'new'));
  assert.equal(losses.lost, false);
  rmdirSync(below);
  assert.equal(losses.lost, true);
  assert.equal(losses.lost, false);
  await losses.renew([incoming, below]);
  assert.equal(losses.lost, false);
});

test('a file system that is mounted again in the same place was lost', needs('mounts'), async (t) => {
  const { incoming } = workspace(t);
  const mount = () => execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', incoming]);
  const unmount = () => execFileSync('umount', [incoming]);
  mount();
  try {
    const losses = await watching(t, incoming);
    assert.equal(losses.lost, false);
    unmount();
    mount();
    assert.equal(losses.lost, true);
  } finally {
    unmount();
  }
});

test('wrong arguments are refused', () => {
  const wrong = operatingSystem().watchForLoss as (...args: unknown[]) => unknown;
  for (const args of [[], ['a'], [[]], [['a']]]) assert.throws(() => wrong(...args), TypeError);
  assert.ok((wrong([-1]) as number) < 0);
});
