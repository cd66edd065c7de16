import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/workspace.js';

/** Of 200 blocks of 1 MB every tenth is kept, and between them 200 small ones. */
const KEEP_A_TENTH = `
  const blocks = () =>
    Array.from({ length: 400 }, (_, i) => new Uint8Array(i % 2 === 0 ? 1e6 : 4e4).fill(1)).filter(
      (block, i) => block.length < 1e6 || i % 20 === 0,
    );
  let kept;
  for (let round = 0; round < 3; round++) {
    kept = blocks();
    // What one collection leaves to be freed, the next frees.
    gc();
    gc();
  }
  process.stdout.write(String(process.memoryUsage().rss));`;

const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
const skip = header.glibcVersionRuntime === undefined && 'only glibc keeps them';

test('large blocks that are freed go back to the system', { skip }, () => {
  const addon = JSON.stringify(join(root, 'build/Release/pointing_monitor.node'));
  const residentAfter = (first: string) => {
    const { stdout } = spawnSync(process.execPath, ['--expose-gc', '-e', first + KEEP_A_TENTH]);
    return Number(stdout);
  };
  const usual = residentAfter('');
  const returned = residentAfter(`require(${addon}).returnLargeBlocks();`);
  assert.ok(returned < usual - 100e6, `${returned} bytes, usually ${usual}`);
});
