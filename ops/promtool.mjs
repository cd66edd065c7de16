/**
 * Gets Debian's promtool into build/tools, for the tests of ops/prometheus and ops/grafana. It is part of the package
 * `prometheus`, whose installation would start a server on all interfaces: so the package is unpacked, not installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const BY_HAND =
  'get it from https://prometheus.io/download and put it on the PATH, or do without the tests of ops/prometheus and ops/grafana';

const works = (promtool) => spawnSync(promtool, ['--version']).status === 0;

/** Gives what is wrong and what to do, or undefined once promtool is in build/tools or on the PATH. */
export function fetchPromtool(root, say) {
  const tools = join(root, 'build', 'tools');
  const promtool = join(tools, 'promtool');
  if (existsSync(promtool) || works('promtool')) return undefined;
  if (spawnSync('apt-get', ['--version']).error) return `promtool is missing: ${BY_HAND}`;
  say('fetching promtool');
  mkdirSync(tools, { recursive: true });
  const scratch = mkdtempSync(join(tools, 'prometheus-'));
  try {
    const trouble = download(scratch);
    if (trouble) return `promtool is missing, and ${trouble}; ${BY_HAND}`;
    const [archive] = readdirSync(scratch);
    spawnSync('dpkg-deb', ['-x', join(scratch, archive), scratch], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const unpacked = join(scratch, 'usr', 'bin', 'promtool');
    if (!works(unpacked)) return `the promtool in ${archive} does not run; ${BY_HAND}`;
    renameSync(unpacked, promtool);
    return undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Debian's list of packages may be missing or name a version that is gone; only root can renew it. */
function download(directory) {
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', ...args], {
      cwd: directory,
      encoding: 'utf8',
    });
  let result = apt('download', 'prometheus');
  if (result.status !== 0 && process.getuid() === 0) {
    apt('update');
    result = apt('download', 'prometheus');
  }
  if (result.status === 0) return undefined;
  const why = result.stderr.trim().split('\n').at(-1);
  const hint = process.getuid() === 0 ? '' : ' (as root, "apt-get update" may help)';
  return `"apt-get download prometheus" failed${hint}: ${why}`;
}
