/** `npm run test:sanitize`: the native tests under the address and undefined-behaviour sanitizers. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const build = 'build/sanitize';
const steps = [
  [
    'cmake',
    '-S',
    '.',
    '-B',
    build,
    '-DPOINTING_TESTS=ON',
    '-DPOINTING_SANITIZE=ON',
    '-DCMAKE_BUILD_TYPE=RelWithDebInfo',
  ],
  ['cmake', '--build', build, '--target', 'pointing_tests', '--parallel', String(availableParallelism())],
  ['ctest', '--test-dir', build, '--output-on-failure', '--no-tests=error'],
];
for (const [command, ...args] of steps) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
