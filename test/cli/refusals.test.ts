/** Every command with every flag wrong in every way: made from the schema, so that a new flag is tried as well. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '#src/cli/config.js';
import { commands } from '#src/cli/schema/commands.js';
import { variables } from '#src/cli/schema/environment.js';
import { parse } from '#src/cli/schema/parse.js';
import type { Command, Flag, Positional, ValueFlag } from '#src/cli/schema/types.js';
import { UsageError } from '#src/errors.js';
import { cli } from '../helpers/cli.js';

const FAR_TOO_LONG = 'x'.repeat(100_000);
const RIGHT_DAY = { startMjdUtc: 61042, endMjdUtc: 61043 };

/** Positionals that are right, so that only the flag is wrong. */
const rightWords = ({ positionals }: Command): string[] =>
  Object.values(positionals)
    .filter(({ required }) => required !== undefined)
    .map(() => '/tmp/x');

function rightValue(flag: ValueFlag): string {
  switch (flag.kind) {
    case 'number':
      return String(flag.default ?? Math.max(flag.min, Math.min(flag.max, 1)));
    case 'choice':
      return flag.choices[0] as string;
    case 'time':
      return '2026-01-02';
    case 'text':
      return 'x';
  }
}

/** What the parser makes of the right value. */
function asTaken(flag: ValueFlag): unknown {
  const text = rightValue(flag);
  if (flag.kind === 'number') return Number(text);
  return flag.kind === 'time' ? RIGHT_DAY : text;
}

function wrongValues(value: Flag | Positional): string[] {
  switch (value.kind) {
    case 'number':
      return [
        'often',
        '1e',
        '0x10',
        'NaN',
        'Infinity',
        '١',
        String(value.min - 1),
        String(value.max * 2 + 1),
        ...(value.whole ? ['1.5'] : []),
      ];
    case 'choice':
      return ['no-such', `${value.choices[0]} `, '\u001b[2J'];
    case 'time':
      return [
        'monday',
        '2025-02-30',
        '2025-13-01',
        '1889-01-01',
        '24:00',
        '99999',
        '-3y',
        '2026-01-02T25:00',
      ];
    default:
      return ['a\0b'];
  }
}

/** Each wrong command line and what its refusal must name. */
function* wrongLines(command: Command): Generator<[args: string[], names: string]> {
  const words = rightWords(command);
  yield [[...words, '--no-such-flag'], '--no-such-flag'];
  yield [[...words, '-x'], '-x'];
  yield [[...words, '--__proto__', 'x'], '--__proto__'];
  yield [[...words, '--constructor=x'], '--constructor'];
  if (!Object.values(command.positionals).some(({ many }) => many))
    yield [[...Object.keys(command.positionals).map((name) => valueFor(command, name)), 'more'], 'more'];
  for (const name of Object.keys(command.positionals)) yield* wrongWords(command, name);
  for (const [name, flag] of Object.entries(command.flags)) {
    const with_ = (...flags: string[]): [string[], string] => [[...words, ...flags], `--${name}`];
    if (flag.kind === 'switch') {
      const spelling = flag.default ? `--no-${name}` : `--${name}`;
      const names = spelling.slice(2);
      yield [[...words, spelling, spelling], `--${name}`];
      yield [[...words, `${spelling}=perhaps`], `--${names}`];
      if (!flag.default) yield [[...words, `--no-${name}`], `--no-${name}`];
      continue;
    }
    yield with_(`--${name}`);
    yield with_(`--${name}=`);
    yield with_(`--${name}`, '--json');
    yield with_(`--${name}=${FAR_TOO_LONG}`);
    yield [[...words, `--no-${name}`], `--no-${name}`];
    for (const wrong of wrongValues(flag)) yield with_(`--${name}=${wrong}`);
    if (!flag.many) yield with_(`--${name}`, rightValue(flag), `--${name}`, rightValue(flag));
    for (const former of flag.formerly ?? []) yield [[...words, `--${former}=often`], `--${name}`];
  }
}

function valueFor(command: Command, name: string): string {
  const positional = command.positionals[name] as Positional;
  return positional.kind === 'choice' ? (positional.choices[0] as string) : 'x';
}

function* wrongWords(command: Command, name: string): Generator<[string[], string]> {
  const before = Object.keys(command.positionals)
    .slice(0, Object.keys(command.positionals).indexOf(name))
    .map((each) => valueFor(command, each));
  const positional = command.positionals[name] as Positional;
  for (const wrong of ['', FAR_TOO_LONG, ...wrongValues(positional)]) yield [[...before, wrong], name];
  if (positional.required !== undefined) yield [before, positional.required];
}

for (const command of commands) {
  test(`${command.name}: every flag wrong in every way is refused in one line that names it`, () => {
    let lines = 0;
    for (const [args, names] of wrongLines(command)) {
      lines++;
      assert.throws(
        () => parse(command, args, {}),
        (error) => {
          assert.ok(error instanceof UsageError, `${args.join(' ').slice(0, 200)}: ${error}`);
          assert.ok(error.message.includes(names), `${args.join(' ').slice(0, 100)}: ${error.message}`);
          assert.match(error.message, /^[^\p{Cc}]{1,300}$/u);
          return true;
        },
        args.join(' ').slice(0, 200),
      );
    }
    assert.ok(lines > 4);
  });

  test(`${command.name}: every flag right is taken`, () => {
    const words = Object.keys(command.positionals).map((name) => valueFor(command, name));
    const flags = Object.entries(command.flags).flatMap(([name, flag]) =>
      flag.kind === 'switch'
        ? [flag.default ? `--no-${name}` : `--${name}`]
        : [`--${name}`, rightValue(flag)],
    );
    const values = parse(command, [...words, ...flags], {});
    for (const [name, flag] of Object.entries<Flag>(command.flags)) {
      const expected = flag.kind === 'switch' ? !flag.default : asTaken(flag);
      assert.deepEqual(values[name], flag.many ? [expected] : expected, name);
    }
  });
}

test('a former name of a flag is taken for the flag', () => {
  const crossmatch = commands.find(({ name }) => name === 'crossmatch') as Command;
  assert.equal(parse(crossmatch, ['--least-flux-jy', '3'], {})['min-flux-jy'], 3);
  assert.throws(() => parse(crossmatch, ['--least-flux-jy', '3', '--min-flux-jy', '3'], {}), /given twice/);
});

test('a wrong variable is refused in one line that names it; CRITICAL is a level; --help needs none', async () => {
  for (const [name, value] of Object.entries(variables)) {
    for (const wrong of [FAR_TOO_LONG, ...(value.kind === 'text' ? [] : wrongValues(value))]) {
      if (wrong.includes('\0')) continue;
      assert.throws(() => readEnvironment({ [name]: wrong }), new RegExp(`^UsageError: ${name} `));
    }
  }
  const { code, stderr } = await cli(['history', '/no/such'], { CONTIMG_LOG_LEVEL: 'CRITICAL' });
  assert.deepEqual([code, /does not exist/.test(stderr)], [2, true]);
  const help = await cli(['history', '--help'], { CONTIMG_LOG_LEVEL: 'LOUD', PIPELINE_PRODUCTS_DB: 'x://' });
  assert.deepEqual([help.code, help.stderr], [0, '']);
});

test('through the whole program: one line on stderr, nothing on stdout, exit 2', async () => {
  for (const command of commands) {
    const all = [...wrongLines(command)].filter(([line]) =>
      line.every((each) => each.length < 1000 && !each.includes('\0')),
    );
    for (const [args] of [all[0], all[Math.floor(all.length / 2)], all.at(-1)] as typeof all) {
      const { code, stdout, stderr } = await cli([command.name, ...args]);
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, /^pointing-monitor: [^\n]+\n$/);
    }
  }
});
