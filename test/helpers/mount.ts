import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Owner } from './workspace.js';

/** A small file system of the test's own, unmounted when it ends. Needs root. */
export function mountTmpfs(test: Owner, size: string): string {
  const path = mkdtempSync(join(tmpdir(), 'pointing-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]);
  test.after(() => {
    // Lazily: a monitor that is being killed may still hold it.
    spawnSync('umount', ['--lazy', path]);
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}
