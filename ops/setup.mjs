/**
 * Makes a fresh clone ready: system packages, npm dependencies, native and TypeScript build. Uses only what Node itself has, is
 * safe to repeat, and quick the second time.
 *
 *   --production  only what the monitor needs to be built and to run: the default
 *   --tests       also what the tests need
 *   --slurm       also what the test on a real Slurm needs
 */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { canInstall, install } from './setup/debian.mjs';
import { installDependencies, withThisNode } from './setup/dependencies.mjs';
import { fetchPromtool } from './setup/promtool.mjs';
import { commandsFor, forBuild, forSlurm, forTests, missingOf } from './setup/requirements.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const MIN_NODE = [20, 19];

const say = (message) => process.stderr.write(`set-up: ${message}\n`);

function fail(message) {
  say(message);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1])) {
    fail(`Node ${process.versions.node} is too old: ${MIN_NODE.join('.')} or later is needed`);
  }
  if (process.platform !== 'linux') fail(`${process.platform} is not supported: this runs on Linux`);
}

/** `needed` it cannot do without; without `wanted` some tests are skipped. */
async function provide(needed, wanted) {
  const missing = [...missingOf(needed), ...missingOf(wanted)];
  if (missing.length === 0) return;
  if (canInstall()) {
    const packages = missing.flatMap(({ debian }) => debian.split(' '));
    say(`installing these Debian packages by apt-get, as root: ${packages.join(' ')}`);
    await install(packages);
    return;
  }
  const names = (requirements) => requirements.map(({ what }) => what).join(', ');
  const lacking = missingOf(needed);
  if (lacking.length > 0)
    fail(
      `missing: ${names(lacking)}. Install what is missing, then run this again:\n${commandsFor(lacking)}`,
    );
  say(`tests that need these will be skipped: ${names(missing)}`);
}

function build() {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    encoding: 'utf8',
    env: withThisNode(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  fail('the build failed');
}

const { values } = parseArgs({
  options: { production: { type: 'boolean' }, tests: { type: 'boolean' }, slurm: { type: 'boolean' } },
});
const withTests = values.tests && !values.production;
try {
  checkNode();
  await provide([...forBuild, ...(values.slurm ? forSlurm : [])], withTests ? forTests : []);
  installDependencies(root, say);
  build();
  // After the build, which may empty its directory.
  if (withTests) fetchPromtool(root, say);
} catch (error) {
  fail(error.message);
}
