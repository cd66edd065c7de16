import { commands } from '../schema/commands.js';
import { unitVariables, variables } from '../schema/environment.js';
import type { Command, Flag, Positional } from '../schema/types.js';
import { CONVENTIONS, exitCodes, GLOBAL_FLAGS } from './help.js';
import { boundsOf, defaultOf, flagTerm, sentences, usage } from './terms.js';

const ROW = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
/** An address that is an example, and no link. */
const BARE_URL = /(?<=^|\s)https?:\/\/[^\s;,]+/g;
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(BARE_URL, '`$&`');

/** The settings document: every command, flag and variable. */
export function settingsDocument(): string {
  return `${[
    '# Commands and settings',
    '<!-- Made from src/cli/schema by `npm run generate`. -->',
    `Flags override environment variables. Dates and times are UTC. ${CONVENTIONS.replace('help', '`--help`')} Bad usage prints one line; \`--json\` prints one object per line with stable names.`,
    table(
      ['flag of every command', 'what it does'],
      GLOBAL_FLAGS.map(([name, what]) => [`\`${name.replace(', ', '`, `')}\``, lowered(what)]),
    ),
    '## Environment',
    "An empty variable counts as not set. `CONTIMG_INPUT_DIR`, `PIPELINE_PRODUCTS_DB`, `PIPELINE_STATE_DIR` and `CONTIMG_LOG_LEVEL` are those of the Python monitor's unit files.",
    table(
      ['variable', 'default', 'what it does'],
      Object.entries(variables).map(([name, value]) => [
        `\`${name}\``,
        defaultOf({ ...value, environment: undefined }) ?? '',
        textOf(value),
      ]),
    ),
    '`PIPELINE_LONGITUDE` and the variables below it replace what all files say, in answers and on the page. Stored positions do not change.',
    'The units of an installation also read these from `/etc/contimg/contimg.env`:',
    table(
      ['variable', 'default', 'what it does'],
      Object.entries(unitVariables).map(([name, [otherwise, what]]) => [`\`${name}\``, otherwise, what]),
    ),
    'In that file, `POINTING_API_PORT` and `POINTING_BACKUP_DIR` must not be empty: for the default, comment the line out. Put comments on lines of their own, and quote any value that contains `#`; in a URL write `%23`.',
    ...commands.flatMap(section),
  ].join('\n\n')}\n`;
}

function section(command: Command): string[] {
  const positionals = Object.entries(command.positionals).map(([name, each]) => [
    `\`${name}\``,
    defaultOf(each) ?? '',
    textOf(each),
  ]);
  const flags = Object.entries(command.flags).map(([name, flag]) => [
    `\`${flag.kind === 'switch' ? flagTerm(name, flag) : `--${name}`}\``,
    defaultOf(flag) ?? '',
    textOf(flag),
  ]);
  return [
    `## \`${command.name}\``,
    `\`${usage(command)}\``,
    ...command.description,
    ...(positionals.length > 0 ? [table(['argument', 'default', 'what it is'], positionals)] : []),
    ...(flags.length > 0 ? [table(['flag', 'default', 'what it does'], flags)] : []),
    ...(command.examples ?? []).map(
      ([line, what]) => `\`\`\`text\npointing-monitor ${line}    # ${what}\n\`\`\``,
    ),
    exitCodes(command),
  ];
}

const table = (headings: readonly string[], rows: readonly (readonly string[])[]) =>
  [ROW(headings), ROW(headings.map(() => '---')), ...rows.map(ROW)].join('\n');

/** All that is said of a flag, as sentences. */
function textOf(value: Flag | Positional): string {
  const choices =
    value.kind === 'choice' && value.choices.length <= 5
      ? value.choices.map((each) => `\`${each}\``).join(', ')
      : boundsOf(value);
  const former = 'formerly' in value ? value.formerly : undefined;
  return sentences([
    value.describe,
    choices,
    value.detail,
    former && `Deprecated alias: ${former.map((each) => `\`--${each}\``).join(', ')}`,
  ]);
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
