import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Builds and runs the tests of the C++ core; ends the process if one fails. Resolves with what they printed and, if asked, with
 * what they cover, in words.
 */
export async function runNativeTests({ coverage }) {
  const build = coverage ? 'build/native-tests-coverage' : 'build/native-tests';
  const options = [
    '-DPOINTING_TESTS=ON',
    '-DCMAKE_BUILD_TYPE=Release',
    ...(coverage ? ['-DPOINTING_COVERAGE=ON'] : []),
  ];
  await run('cmake', ['-S', '.', '-B', build, ...options, '--log-level=WARNING']);
  const atOnce = String(availableParallelism());
  await run('cmake', ['--build', build, '--parallel', atOnce, '--target', 'pointing_tests']);
  if (coverage) for (const path of filesOf(build, '.gcda')) rmSync(path);
  const told = await run('ctest', [
    ...['--test-dir', build, '--parallel', atOnce],
    ...['--output-on-failure', '--no-tests=error'],
  ]);
  return { told, covered: coverage ? lineCoverage(build) : undefined };
}

/** Resolves with the standard output; where the command fails, prints that and ends this process. */
async function run(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [told, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (status === 0) return told;
  process.stdout.write(told);
  process.exit(status ?? 1);
}

/** By gcov, of the core's own sources; undefined if the compiler has no gcov. */
function lineCoverage(build) {
  const { status, stdout } = spawnSync('gcov', ['--no-output', ...filesOf(build, '.gcda')], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) return undefined;
  const figures = stdout.matchAll(
    /^File '.*\/native\/(?!.*\/test\/)[^']*\.cc'\nLines executed:([\d.]+)% of (\d+)$/gm,
  );
  let lines = 0;
  let executed = 0;
  for (const [, percent, count] of figures) {
    lines += Number(count);
    executed += Math.round((Number(percent) / 100) * Number(count));
  }
  return lines === 0 ? undefined : `native/ ${((100 * executed) / lines).toFixed(1)} % (by its own tests)`;
}

const filesOf = (folder, extension) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name));
