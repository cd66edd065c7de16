import { commands } from '../schema/commands.js';
import { variables } from '../schema/environment.js';
import type { Command, Flag, Positional } from '../schema/types.js';
import { CONVENTIONS, exitCodes, GLOBAL_FLAGS } from './help.js';
import { boundsOf, defaultOf, flagTerm, plain, positionalTerm, sentences, usage } from './terms.js';

/** The manual page, man(7). */
export function manualPage(): string {
  return `${[
    `.TH POINTING\\-MONITOR 1`,
    '.SH NAME',
    'pointing\\-monitor \\- record where the DSA\\-110 telescope pointed, from the headers of its UVH5 files',
    '.SH SYNOPSIS',
    '.B pointing\\-monitor',
    '.I command',
    '[flags]',
    '.SH DESCRIPTION',
    roff(CONVENTIONS),
    'Dates and times are UTC.',
    ...GLOBAL_FLAGS.flatMap(([name, what]) => item(name, what)),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH ENVIRONMENT',
    'Flags override environment variables.',
    ...Object.entries(variables).flatMap(([name, value]) =>
      item(name, textOf({ ...value, environment: undefined })),
    ),
  ].join('\n')}\n`;
}

function section(command: Command): string[] {
  return [
    `.SS ${roff(usage(command))}`,
    ...command.description.flatMap((text, i) => [...(i === 0 ? [] : ['.PP']), roff(plain(text))]),
    ...Object.entries(command.positionals).flatMap(([name, each]) =>
      item(positionalTerm(name, each), textOf(each)),
    ),
    ...Object.entries(command.flags).flatMap(([name, flag]) => item(flagTerm(name, flag), textOf(flag))),
    ...(command.examples ?? []).flatMap(([line, what]) => item(`pointing-monitor ${line}`, what)),
    '.PP',
    roff(exitCodes(command)),
  ];
}

const item = (term: string, meaning: string) => ['.TP', `.B ${roff(term)}`, roff(meaning)];

function textOf(value: Flag | Positional): string {
  const otherwise = defaultOf(value);
  const former = 'formerly' in value ? value.formerly : undefined;
  return plain(
    sentences([
      value.describe,
      boundsOf(value),
      value.detail,
      former && `Deprecated alias: ${former.map((each) => `--${each}`).join(', ')}`,
      otherwise && `Default: ${otherwise}`,
    ]),
  );
}

/** Text that troff takes for nothing else: dashes are ASCII, a dot or quote at the start is no request. */
const roff = (text: string) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
