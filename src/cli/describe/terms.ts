import type { Command, Flag, Positional, ValueFlag } from '../schema/types.js';

/** How a flag is written: `--port NUMBER`, or `--no-events` for a switch that is on. */
export function flagTerm(name: string, flag: Flag): string {
  if (flag.kind === 'switch') return flag.default ? `--no-${name}` : `--${name}`;
  return `--${name} ${placeholder(flag)}`;
}

function placeholder(flag: ValueFlag): string {
  switch (flag.kind) {
    case 'text':
      return flag.value;
    case 'number':
      return flag.word === undefined ? 'NUMBER' : `NUMBER|${flag.word}`;
    case 'time':
      return 'TIME';
    case 'choice':
      return choicesOf(flag.choices);
  }
}

/** A few choices are spelled out; many are named by their kind and listed elsewhere. */
const choicesOf = (choices: readonly string[]) => (choices.length <= 5 ? choices.join('|') : 'CODE');

/** How a positional is written: `FILE...`, `[watch_dir]`. */
export function positionalTerm(name: string, { required, many }: Positional): string {
  const dots = many ? '...' : '';
  return required === undefined ? `[${name}${dots}]` : `${name.toUpperCase()}${dots}`;
}

export const usage = ({ name, positionals }: Command): string =>
  [
    'pointing-monitor',
    name,
    ...Object.entries(positionals).map(([each, positional]) => positionalTerm(each, positional)),
    '[flags]',
  ].join(' ');

/** What holds without the flag: its default, where it comes from, or nothing. */
export function defaultOf(value: Flag | Positional): string | undefined {
  const parts = [
    value.environment && `\`${value.environment}\``,
    'otherwise' in value ? value.otherwise : undefined,
    'default' in value && value.kind !== 'switch' && value.default !== undefined
      ? `\`${value.default}\``
      : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(', else ') : undefined;
}

/** Its unit and bounds, as in `deg, -90 to 90`. */
export function boundsOf(value: Flag | Positional): string | undefined {
  if (value.kind === 'choice' && value.choices.length > 5) return `one of ${value.choices.join(', ')}`;
  if (value.kind !== 'number') return undefined;
  const kind = value.whole ? 'whole number' : `number (${value.unit})`;
  return `${kind} from ${value.min} to ${value.max}${value.word === undefined ? '' : `, or \`${value.word}\``}`;
}

/** Phrases and sentences as sentences; those that are not there are left out. */
export const sentences = (parts: readonly (string | undefined)[]): string =>
  parts
    .filter((part) => part !== undefined)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).replace(/\.$/, ''))
    .join('. ')
    .concat('.');

/** Without the marks of Markdown, for a terminal. */
export const plain = (text: string): string =>
  text.replaceAll('`', '').replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');
