/** Runs all tests: the C++ core's, then those of the whole by node:test. Arguments name test files to run alone. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const chosen = process.argv.slice(2);

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}

if (chosen.length === 0) {
  const build = 'build/native-tests';
  run('cmake', [
    '-S',
    '.',
    '-B',
    build,
    '-DPOINTING_TESTS=ON',
    '-DCMAKE_BUILD_TYPE=Release',
    '--log-level=WARNING',
  ]);
  run('cmake', ['--build', build, '--parallel', String(availableParallelism()), '--', '--quiet'].slice(0, 5));
  run('ctest', ['--test-dir', build, '--output-on-failure', '--no-tests=error']);
}

const files = readdirSync('dist-test', { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => join('dist-test', name))
  .filter((name) => chosen.length === 0 || chosen.some((word) => name.includes(word)));
run(process.execPath, [
  '--test',
  '--test-concurrency=2',
  '--test-timeout=240000',
  '--test-force-exit',
  ...files,
]);
