/**
 * Makes a fresh clone ready: Debian packages, npm dependencies, native and TypeScript build. Uses only what Node itself has,
 * is safe to repeat and quick the second time. `--tests` adds what the tests need, `--slurm` what the test on a real Slurm needs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchPromtool } from './promtool.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LEAST_NODE = [20, 19];

const BUILD_PACKAGES = ['cmake', 'g++', 'libhdf5-dev', 'liberfa-dev', 'make', 'pkg-config', 'python3'];
const TEST_PACKAGES = [
  'chromium',
  'clang-format',
  'curl',
  'doctest-dev',
  'fonts-dejavu-core',
  'iproute2',
  'jq',
  'logrotate',
  'postgresql',
  'python3-yaml',
  'shellcheck',
  'sqlite3',
  'systemd',
  'systemd-container',
];
const SLURM_PACKAGES = ['munge', 'slurm-wlm'];
/** Debian's packages ask this program, where it is there, before they start their services. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';
const FORBIDDEN = 101;

// biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's.
const DPKG_FORMAT = '${Package} ${db:Status-Status}\n';

function fail(message) {
  process.stderr.write(`set-up: ${message}\n`);
  process.exit(1);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (result.status !== 0)
    fail(`"${[command, ...args].join(' ')}" failed${result.error ? `: ${result.error.message}` : ''}`);
}

function say(message) {
  process.stderr.write(`set-up: ${message}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    fail(`Node ${process.versions.node} is too old; ${LEAST_NODE.join('.')} or later is needed`);
  }
  if (process.platform !== 'linux') fail(`this runs on Linux; ${process.platform} is not supported`);
}

function installPackages(wanted) {
  const query = spawnSync('dpkg-query', ['-W', '-f', DPKG_FORMAT, ...wanted], { encoding: 'utf8' });
  const debian = !query.error;
  const installed = new Set(
    (query.stdout ?? '')
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  const missing = wanted.filter((name) => !installed.has(name));
  if (missing.length === 0) return;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (!debian) {
    // Another system may have the same things under other names: the build says what it lacks.
    say(`not a Debian system; needed are the counterparts of: ${wanted.join(' ')}`);
    return;
  }
  if (process.getuid() !== 0) fail(`packages are missing. As root: ${command}`);
  say(`installing ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
}

/** Installs without starting the packages' services: the test starts daemons of its own. */
function installSlurm() {
  if (process.getuid() === 0 && !existsSync(SERVICE_POLICY)) {
    writeFileSync(SERVICE_POLICY, `#!/bin/sh\nexit ${FORBIDDEN}\n`, { mode: 0o755 });
    process.once('exit', () => rmSync(SERVICE_POLICY, { force: true }));
  }
  installPackages(SLURM_PACKAGES);
}

function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.version)
    .digest('hex');
  const stamp = join(root, 'node_modules', '.set-up');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('installing npm dependencies');
  const prefix = dirname(dirname(process.execPath));
  // node-gyp would download Node's headers; they lie beside Node itself.
  const headers = existsSync(join(prefix, 'include', 'node', 'node.h')) ? { npm_config_nodedir: prefix } : {};
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env: { ...process.env, ...headers } });
  writeFileSync(stamp, lock);
}

function build() {
  const log = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (log.status === 0) return;
  process.stderr.write(`${log.stdout}${log.stderr}`);
  fail('the build failed');
}

const forTests = process.argv.includes('--tests');
checkNode();
installPackages([...BUILD_PACKAGES, ...(forTests ? TEST_PACKAGES : [])]);
if (process.argv.includes('--slurm')) installSlurm();
const promtoolTrouble = forTests && fetchPromtool(root, say);
// Only the tests that need it will fail.
if (promtoolTrouble) say(promtoolTrouble);
installDependencies();
build();
