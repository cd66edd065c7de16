/**
 * `npm run test:systems`: does what the README says on bare Debian systems, with several versions of Node. Needs root, debootstrap,
 * a mirror of Debian and the npm registry; what it downloads is kept in the user's cache for the next run.
 *
 *   --quick      one Node on each Debian, and of the tests only `npm run test:unit`, as on the other combinations always
 *   --only WORD  the systems whose name holds the word
 *   --check WORD only the checks whose name holds the word
 *   --keep       leaves the file systems in place, to look at what failed
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { checks } from './checks.mjs';
import { cache, makeRoot, removeRoot, runIn } from './roots.mjs';
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

const results = [];
for (const system of systems.filter(
  ({ name, thorough }) => (thorough || !values.quick) && name.includes(values.only),
)) {
  const row = { system: system.name };
  results.push(row);
  const wanted = checks(values, system).filter((each) => each.name.includes(values.check));
  for (const { name, script, bare } of wanted) {
    const root = makeRoot(system, { bare });
    const log = `${cache}/${system.name}-${name}.log`.replaceAll(' ', '_');
    const started = process.hrtime.bigint();
    const ok = runIn(root, system, script, log);
    const seconds = Math.round(Number(process.hrtime.bigint() - started) / 1e9);
    row[name] = ok ? `${seconds} s` : `failed, see ${log}`;
    process.stdout.write(`${system.name}: ${name}: ${row[name]}\n`);
    if (!values.keep) removeRoot(root);
    if (!ok) process.exitCode = 1;
  }
}
process.stdout.write(`\n${table(results)}\n`);

function table(rows) {
  const heads = [...new Set(rows.flatMap(Object.keys))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map((row) => line(heads.map((head) => row[head] ?? ''))),
  ].join('\n');
}
