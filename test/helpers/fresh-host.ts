import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspace.js';

/** Runs a script as root on a fresh host; it ends at the first command that fails. */
export function onFreshHost(script: string) {
  const host = join(root, 'test/helpers/fresh-host.sh');
  const { status, stdout, stderr } = spawnSync('unshare', ['--mount', host, 'sh', '-ec', script], {
    cwd: '/',
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}
