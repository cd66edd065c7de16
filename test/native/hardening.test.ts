import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { needs } from '../helpers/needs.js';
import { root } from '../helpers/workspace.js';

test('what ships is hardened: stack protector, checked library calls, full RELRO', needs('readelf'), () => {
  const { stdout } = spawnSync(
    'readelf',
    ['--dynamic', '--segments', '--dyn-syms', '--wide', join(root, 'build/Release/pointing_monitor.node')],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  assert.match(stdout, /GNU_RELRO/);
  assert.match(stdout, /BIND_NOW|\(FLAGS_1\).*\bNOW\b/);
  assert.match(stdout, /__stack_chk_fail/);
  assert.match(stdout, /__(mem\w+|read\w*|snprintf|sprintf|vsnprintf)_chk/);
});
