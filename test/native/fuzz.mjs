/**
 * `npm run fuzz [direct|difference|sparse] [SECONDS]`: fuzzes the direct reader, the difference between the two readers, or
 * both in files that are a hole of up to terabytes behind a small header. Needs clang and its runtime (Debian: clang libclang-rt-14-dev). What it finds lies in build/fuzz.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const [which = 'direct', seconds = '600'] = process.argv.slice(2);
const build = 'build/fuzz';
const corpus = `${build}/corpus-${which}`;
const seeds = `${build}/seeds-${which}`;

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}

if (!['direct', 'difference', 'sparse'].includes(which) || !(Number(seconds) > 0)) {
  process.stderr.write('usage: npm run fuzz [direct|difference|sparse] [SECONDS]\n');
  process.exit(2);
}
const compilers = ['-DCMAKE_C_COMPILER=clang', '-DCMAKE_CXX_COMPILER=clang++'];
run('cmake', [
  '-S',
  '.',
  '-B',
  build,
  '-DPOINTING_FUZZ=ON',
  '-DCMAKE_BUILD_TYPE=RelWithDebInfo',
  ...compilers,
]);
run('cmake', [
  '--build',
  build,
  '--target',
  `fuzz_${which}`,
  'make_seeds',
  '--parallel',
  String(availableParallelism()),
]);
mkdirSync(corpus, { recursive: true });
mkdirSync(seeds, { recursive: true });
run(`${build}/test/native/make_seeds`, [seeds]);
run(`${build}/test/native/fuzz_${which}`, [
  corpus,
  seeds,
  '-dict=test/native/hdf5.dict',
  // Without these libFuzzer cuts the seeds off and starts with a few bytes.
  '-max_len=32768',
  '-len_control=0',
  `-max_total_time=${seconds}`,
  `-artifact_prefix=${build}/`,
  '-print_final_stats=1',
]);
