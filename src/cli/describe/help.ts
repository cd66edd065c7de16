import { commands } from '../schema/commands.js';
import { variables } from '../schema/environment.js';
import { type Command, type Flag, NO_COLOR, type Positional } from '../schema/types.js';
import { defaultOf, flagTerm, plain, positionalTerm, usage } from './terms.js';
import { definitions, wrap } from './wrap.js';

export const GLOBAL_FLAGS = [
  [`--${NO_COLOR}`, 'No colours on a terminal; NO_COLOR in the environment does the same'],
  ['-h, --help', 'Show this help'],
  ['-V, --version', 'Show the version; with --verbose, also the versions of Node and the libraries'],
] as const;

export const CONVENTIONS =
  "Results go to stdout, logs and progress to stderr. Exit codes: 0 done; 1 a problem was found, or the database or the system failed; 2 bad usage. See each command's help.";

/** The help of the program: its commands and the environment. */
export function generalHelp(width: number): string {
  return [
    'pointing-monitor <command>',
    ...wrap('Records where the telescope pointed, from the headers of its UVH5 files.', width),
    '',
    'Commands (pointing-monitor COMMAND --help):',
    definitions(
      commands.map(({ name, summary }) => [name, summary]),
      width,
    ),
    '',
    'Flags:',
    definitions(GLOBAL_FLAGS, width),
    '',
    'Environment variables (flags override them):',
    definitions(
      Object.entries(variables).map(([name, value]) => entry(name, { ...value, environment: undefined })),
      width,
    ),
    '',
    ...wrap(CONVENTIONS, width),
    '',
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command, width: number): string {
  const positionals = Object.entries(command.positionals).map(([name, each]) =>
    entry(positionalTerm(name, each), each),
  );
  const flags = Object.entries(command.flags).map(([name, flag]) => entry(flagTerm(name, flag), flag));
  const examples = command.examples?.map(([line, what]) => [`pointing-monitor ${line}`, what] as const);
  const section = (heading: string, entries: readonly (readonly [string, string])[] | undefined) =>
    entries && entries.length > 0 ? ['', `${heading}:`, definitions(entries, width)] : [];
  return [
    usage(command),
    ...command.description.flatMap((paragraph) => ['', ...wrap(plain(paragraph), width)]),
    ...section('Arguments', positionals),
    ...section('Flags', [...flags, ...GLOBAL_FLAGS]),
    ...section('Examples', examples),
    '',
    ...wrap(exitCodes(command), width),
    '',
  ].join('\n');
}

export const exitCodes = ({ exit }: Command): string =>
  `Exit codes: ${exit.map(([code, what]) => `${code} ${what}`).join('; ')}.`;

/** A term with its meaning: with the choices that the term does not spell out, and with what holds without it. */
function entry(term: string, value: Flag | Positional): readonly [string, string] {
  const listed = value.kind === 'choice' && !term.includes(value.choices.join('|'));
  const choices = listed ? `: ${value.choices.join(', ')}` : '';
  const otherwise = defaultOf(value);
  return [term, `${value.describe}${choices}${otherwise === undefined ? '' : ` [${plain(otherwise)}]`}`];
}
