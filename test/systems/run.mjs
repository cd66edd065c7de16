/**
 * `npm run test:systems`: does what the README says on bare Debian systems, with several versions of Node. Needs root, debootstrap,
 * a mirror of Debian and the npm registry; what it downloads is kept in the user's cache for the next run. One check on each Debian
 * runs at a time; those with all the tests run alone.
 *
 *   --quick      one Node on each Debian, and of the tests only `npm run test:unit`, as on the other combinations always
 *   --only WORD  the systems whose name holds the word
 *   --check WORD only the checks whose name holds the word
 *   --keep       leaves the file systems in place, to look at what failed
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { checks } from './checks.mjs';
import { cache, makeRoot, releaseOfHead, removeRoot, runIn } from './roots.mjs';
import { systems } from './table.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    check: { type: 'string', default: '' },
    keep: { type: 'boolean', default: false },
  },
});

if (process.getuid() !== 0 || spawnSync('debootstrap', ['--version']).error) {
  process.stderr.write('this needs root and debootstrap: apt-get install debootstrap\n');
  process.exit(2);
}

const jobs = systems
  .filter(({ name, thorough }) => (thorough || !values.quick) && name.includes(values.only))
  .flatMap((system) =>
    checks(values, system)
      .filter(({ name }) => name.includes(values.check))
      .map((check) => ({ system, check })),
  );
const release = jobs.some(({ check }) => check.bare) && releaseOfHead();
if (release === undefined) {
  process.stderr.write('dist-release has no archive of the last commit: run "npm run release"\n');
  process.exit(2);
}
const results = Object.fromEntries(jobs.map(({ system: { name } }) => [name, { system: name }]));

// The checks on one Debian share the directory of its packages, which apt locks.
const suites = new Set(jobs.map(({ system }) => system.suite));
const together = jobs.filter(({ check }) => !check.alone);
await Promise.all(
  [...suites].map((suite) => inTurn(together.filter(({ system }) => system.suite === suite))),
);
await inTurn(jobs.filter(({ check }) => check.alone));

process.stdout.write(`\n${table(Object.values(results))}\n`);

async function inTurn(some) {
  for (const { system, check } of some) {
    const { name, script, bare } = check;
    const root = makeRoot(system, bare && release);
    const log = `${cache}/${system.name}-${name}.log`.replaceAll(' ', '_');
    const started = process.hrtime.bigint();
    const ok = await runIn(root, system, script, log);
    const seconds = Math.round(Number(process.hrtime.bigint() - started) / 1e9);
    results[system.name][name] = ok ? `${seconds} s` : `failed, see ${log}`;
    process.stdout.write(`${system.name}: ${name}: ${results[system.name][name]}\n`);
    if (!values.keep) removeRoot(root);
    if (!ok) process.exitCode = 1;
  }
}

function table(rows) {
  const heads = [...new Set(rows.flatMap(Object.keys))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map((row) => line(heads.map((head) => row[head] ?? ''))),
  ].join('\n');
}
