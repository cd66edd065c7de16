import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/workspace.js';

test('what ships is hardened: stack protector, checked library calls, full RELRO', (t) => {
  const { stdout, error } = spawnSync(
    'readelf',
    ['--dynamic', '--segments', '--dyn-syms', '--wide', join(root, 'build/Release/pointing_monitor.node')],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (error) return t.skip('readelf (binutils) is not there');
  assert.match(stdout, /GNU_RELRO/);
  assert.match(stdout, /BIND_NOW|\(FLAGS_1\).*\bNOW\b/);
  assert.match(stdout, /__stack_chk_fail/);
  assert.match(stdout, /__(mem\w+|read\w*|snprintf|sprintf|vsnprintf)_chk/);
});
