/**
 * Runs the tests: the C++ core's, then those of the whole by node:test; then says what was skipped.
 *
 *   node test/run.mjs            everything, and what the unit tests cover
 *   node test/run.mjs --coverage everything, by a third slower, and what all of it covers
 *   node test/run.mjs --unit     only what starts no command, monitor, browser, container, PostgreSQL or client, and of the random
 *                                cases a fifth
 *   node test/run.mjs WORD...    only the test files whose path holds one of the words
 */
import { once } from 'node:events';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { isReferenceSystem } from '../ops/setup/reference-system.mjs';
import { forTests, missingOf } from '../ops/setup/requirements.mjs';
import { startCoverage, stopCoverage } from './runner/coverage.mjs';
import { isUnit, testFiles } from './runner/files.mjs';
import { runNativeTests } from './runner/native.mjs';

/** As many at once as leave the timings of real processes believable; most of them wait most of the time. */
const FILES_AT_ONCE = 3;
const UNIT_FILES_AT_ONCE = 6;
const FILE_TIMEOUT_MS = 480_000;

const { values, positionals: words } = parseArgs({
  options: { unit: { type: 'boolean', default: false }, coverage: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const everything = !values.unit && words.length === 0;

if (values.unit) process.env.RANDOM_CASES_PERCENT ??= '20';
const reportCoverage = everything ? startCoverage() : undefined;
const skipped = [];
const native = words.length === 0 ? testNative() : undefined;
// Beside them the timings of real processes would not be believable; the quick tests have few.
if (everything) await native;

const files = testFiles()
  .filter((path) => !values.unit || isUnit(path))
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word)));
if (files.length === 0) {
  process.stderr.write(`no test file's path holds ${words.join(' or ')}\n`);
  process.exit(2);
}

await testAll(files.filter(isUnit), values.unit ? UNIT_FILES_AT_ONCE : FILES_AT_ONCE);
// What starts commands, monitors and servers would be slower by a third.
if (!values.coverage) stopCoverage();
await testAll(
  files.filter((path) => !isUnit(path)),
  FILES_AT_ONCE,
);
await report();

async function testAll(some, concurrency) {
  if (some.length === 0) return;
  const results = run({ files: some, concurrency, timeout: FILE_TIMEOUT_MS });
  results.on('test:fail', () => {
    process.exitCode = 1;
  });
  results.on('test:pass', ({ name, skip }) => {
    if (skip !== undefined) skipped.push({ name, reason: skip });
  });
  const told = results.compose(new spec());
  told.pipe(process.stdout, { end: false });
  await once(told, 'end');
}

async function testNative() {
  const [doctest] = missingOf(forTests.filter(({ what }) => what === 'doctest'));
  if (!doctest) {
    const { told, covered } = await runNativeTests({ coverage: everything });
    process.stdout.write(told);
    return covered;
  }
  skipped.push({ name: 'the tests of the C++ core', reason: `${doctest.what} is not installed` });
  return undefined;
}

async function report() {
  const nativeCoverage = await native;
  const say = (line) => process.stdout.write(`${line}\n`);
  if (skipped.length > 0) {
    say(`\n${skipped.length} skipped:`);
    for (const { name, reason } of skipped) say(`  ${reason}: ${name}`);
    if (process.env.CI === 'true' && isReferenceSystem()) {
      say('On the reference system nothing may be skipped in CI.');
      process.exitCode = 1;
    }
  }
  const covered = [reportCoverage?.(), nativeCoverage].filter(Boolean);
  if (covered.length > 0)
    say(`\nLines covered by ${values.coverage ? 'all' : 'the unit'} tests: ${covered.join('; ')}`);
}
