import { parseArgs } from 'node:util';
import { UsageError } from '../../errors.js';
import { nearest } from './nearest.js';
import {
  type Command,
  type Flag,
  NO_COLOR,
  type Positional,
  type TimeSpan,
  type ValueFlag,
  type Variable,
} from './types.js';
import { parseValue, shown } from './value.js';

export type Values = Record<string, unknown>;

/**
 * The values of a command's flags and positionals: as given, else from the environment, else their defaults. The only place
 * where a wrong command line is refused. Throws a UsageError.
 */
export function parse(
  command: Command,
  args: readonly string[],
  environment: Readonly<Partial<Record<Variable, string>>>,
): Values {
  const { given, words } = sorted(command, args);
  const values: Values = {};
  for (const [name, flag] of Object.entries(command.flags)) {
    const texts = given.get(name);
    if (flag.kind === 'switch') values[name] = texts === undefined ? flag.default : texts[0] === 'true';
    else if (texts === undefined) values[name] = fallback(flag, environment);
    else {
      const parsed = texts.map((text) => parseValue(flag, text, `--${name}`));
      values[name] = flag.many ? parsed : parsed[0];
    }
  }
  return Object.assign(values, positionals(command, words, environment));
}

/** The texts given for each flag, and the words between them. */
function sorted(command: Command, args: readonly string[]) {
  const names = namesOf(command);
  const options = Object.fromEntries(
    [...names].map(([name, { flag }]) => [
      name,
      { type: flag.kind === 'switch' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...options, [NO_COLOR]: { type: 'boolean' } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option' || token.rawName === `--${NO_COLOR}`) continue;
    const { name, text } = resolved(command, names, token);
    const before = given.get(name);
    if (before && !command.flags[name]?.many) throw new UsageError(`--${name} is given twice`);
    given.set(name, [...(before ?? []), text]);
  }
  return { given, words };
}

/** Each flag by every name that it goes by, former ones included. */
function namesOf(command: Command): Map<string, { name: string; flag: Flag }> {
  const flags = Object.entries(command.flags);
  return new Map(
    flags.flatMap(([name, flag]) =>
      [name, ...(flag.formerly ?? [])].map((each) => [each, { name, flag }] as const),
    ),
  );
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** The flag that was meant and the text given for it: `true` or `false` for a switch. */
function resolved(command: Command, names: ReturnType<typeof namesOf>, token: OptionToken) {
  const { rawName, value, inlineValue } = token;
  const known = rawName.startsWith('--') ? names.get(rawName.slice(2)) : undefined;
  if (!known) return { name: negated(command, rawName, value), text: 'false' };
  const { name, flag } = known;
  if (flag.kind === 'switch') {
    if (value !== undefined && value !== 'true' && value !== 'false')
      throw new UsageError(`${rawName} takes no value, not ${shown(value)}`);
    return { name, text: value ?? 'true' };
  }
  // A number or a time may begin with a dash, what else does is the next flag.
  if (value === undefined || (!inlineValue && /^-(?!\d|\.\d|$)/.test(value)))
    throw new UsageError(
      `${rawName} needs a value${value === undefined || value.startsWith('--') ? '' : `: write ${rawName}=${shown(value)} for one that starts with a dash`}`,
    );
  return { name, text: value };
}

/** The switch that `--no-NAME` turns off. Throws a UsageError for anything else. */
function negated(command: Command, rawName: string, value: string | undefined): string {
  const name = rawName.slice(5);
  const flag = rawName.startsWith('--no-') ? command.flags[name] : undefined;
  if (flag?.kind === 'switch' && flag.default) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value, not ${shown(value)}`);
    return name;
  }
  if (flag) throw new UsageError(`${rawName} is not a flag of ${command.name}: leave --${name} out instead`);
  const spellings = Object.entries(command.flags).flatMap(([each, flag]) =>
    flag.kind === 'switch' && flag.default ? [`no-${each}`] : [each],
  );
  const near = nearest(rawName.replace(/^-+/, ''), [...spellings, 'help', 'version', NO_COLOR]);
  throw new UsageError(
    `${shown(rawName)} is not a flag of ${command.name}${near === undefined ? `; see pointing-monitor ${command.name} --help` : `. Did you mean --${near}?`}`,
  );
}

function positionals(
  { name: command, positionals: all }: Command,
  words: readonly string[],
  environment: Readonly<Partial<Record<Variable, string>>>,
): Values {
  const values: Values = {};
  let next = 0;
  for (const [name, positional] of Object.entries(all)) {
    const taken = words.slice(next, positional.many ? undefined : next + 1);
    next += taken.length;
    if (taken.length === 0 && positional.required !== undefined)
      throw new UsageError(`${command}: ${positional.required}`);
    const parsed = taken.map((text) => parseValue(positional, text, name));
    values[name] = positional.many ? parsed : (parsed[0] ?? fallback(positional, environment));
  }
  const extra = words[next];
  if (extra !== undefined) throw new UsageError(`${command}: ${shown(extra)} is one argument too many`);
  return values;
}

function fallback(
  { environment: variable, ...value }: ValueFlag | Positional,
  environment: Readonly<Partial<Record<Variable, string>>>,
): string | number | TimeSpan | undefined {
  const text = variable && environment[variable];
  if (variable && text) return parseValue(value, text, variable);
  return 'default' in value ? value.default : undefined;
}
