/**
 * Gets Debian's promtool into build/tools, for the tests of ops/prometheus and ops/grafana. Debian 12 has it in the package
 * `prometheus`, whose installation would start a server on all interfaces: so the package is unpacked, not installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGES = ['promtool', 'prometheus'];
const works = (promtool) => spawnSync(promtool, ['--version']).status === 0;

/** Without it the tests that need it are skipped. */
export function fetchPromtool(root, say) {
  const tools = join(root, 'build', 'tools');
  const promtool = join(tools, 'promtool');
  if (existsSync(promtool) || works('promtool') || spawnSync('apt-get', ['--version']).error) return;
  say('fetching promtool');
  mkdirSync(tools, { recursive: true });
  const scratch = mkdtempSync(join(tools, 'prometheus-'));
  try {
    const fetched = fetchOne(scratch) || (process.getuid() === 0 && updateLists() && fetchOne(scratch));
    const unpacked = fetched ? unpack(scratch) : undefined;
    if (unpacked && works(unpacked)) renameSync(unpacked, promtool);
    else say('promtool is not to be had by "apt-get download": see https://prometheus.io/download');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const fetchOne = (directory) => PACKAGES.some((name) => download(name, directory));
/** They may be missing, or name a version that is gone. */
const updateLists = () => spawnSync('apt-get', ['-qq', 'update'], { stdio: 'ignore' }).status === 0;

function download(name, directory) {
  const args = ['-qq', '-o', 'APT::Sandbox::User=root', 'download', name];
  return spawnSync('apt-get', args, { cwd: directory, stdio: 'ignore' }).status === 0;
}

function unpack(directory) {
  const [archive] = readdirSync(directory);
  spawnSync('dpkg-deb', ['-x', join(directory, archive), directory]);
  return join(directory, 'usr', 'bin', 'promtool');
}
