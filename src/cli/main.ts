import { readFileSync } from 'node:fs';
import { StoreError, UsageError } from '../errors.js';
import { VERSION } from '../version.js';
import { readEnvironment } from './config.js';
import { FAILURE, note, print, textWidth, watchOutput, withoutColor } from './output.js';
import { commandNamed, commands } from './schema/commands.js';
import { nearest } from './schema/nearest.js';
import { parse } from './schema/parse.js';
import { NO_COLOR } from './schema/types.js';
import { shown } from './schema/value.js';

const USAGE_ERROR = 2;
/** With fewer, Node itself fails or stands still while it starts its workers. */
const MIN_OPEN_FILES = 64;

/** Runs the command line to its end; the exit code is in `process.exitCode`. */
export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  watchOutput();
  try {
    await dispatch(args, env);
  } catch (error) {
    process.exitCode = report(error, env);
  }
}

async function dispatch(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const end = args.indexOf('--');
  const flags = end < 0 ? args : args.slice(0, end);
  const has = (...spellings: string[]) => flags.some((each) => spellings.includes(each));
  if (has(`--${NO_COLOR}`)) withoutColor();
  const command = args[0] === undefined ? undefined : commandNamed(args[0]);
  if (has('--help', '-h') || args[0] === 'help') {
    const { commandHelp, generalHelp } = await import('./describe/help.js');
    const named =
      command ?? (args[0] === 'help' && args[1] !== undefined ? commandNamed(args[1]) : undefined);
    return print(named ? commandHelp(named, textWidth()) : generalHelp(textWidth()));
  }
  if (has('--version', '-V')) return print(has('--verbose') ? await versionsInWords() : VERSION);
  if (!command) throw new UsageError(noCommand(args[0]));
  const environment = readEnvironment(env);
  const values = parse(command, args.slice(1), environment.variables);
  requireOpenFiles();
  const { run } = await import('./commands/index.js');
  await run(command.name, values, environment);
}

function requireOpenFiles(): void {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  if (limit !== undefined && Number(limit) < MIN_OPEN_FILES)
    throw new UsageError(
      `at most ${limit} files can be open at once, and ${MIN_OPEN_FILES} are needed: raise the limit (LimitNOFILE=, ulimit -n)`,
    );
}

async function versionsInWords(): Promise<string> {
  const { earthOrientationSpan, versions } = await import('../doctor/installation.js');
  const lines = versions().map(([name, version]) => `${name} ${version}`);
  return [...lines, `IERS table ${earthOrientationSpan()}`].join('\n');
}

function noCommand(word: string | undefined): string {
  if (word === undefined) return 'name a command; --help lists them';
  const names = commands.map(({ name }) => name);
  if (word.startsWith('-')) return `name a command before ${shown(word)}; --help lists them`;
  const near = nearest(word, names);
  return `${shown(word)} is not a command${near === undefined ? '; --help lists them' : `. Did you mean ${near}?`}`;
}

/** Says what is wrong in one line and gives the exit code. The stack of an internal error is shown on request. */
function report(error: unknown, env: NodeJS.ProcessEnv): number {
  if (error instanceof UsageError || error instanceof StoreError) {
    note(`pointing-monitor: ${error.message.replaceAll(/\s*\n\s*/g, ' ')}`);
    return error instanceof UsageError ? USAGE_ERROR : FAILURE;
  }
  const { code: own, message = String(error), stack, cause } = (error ?? {}) as NodeJS.ErrnoException;
  // An error of ours may put the system's into other words, such as a scan that a disk error ended.
  const code = own ?? (cause as NodeJS.ErrnoException | undefined)?.code;
  const ofSystem = code !== undefined && /^E[A-Z0-9]+$/.test(code);
  if (ofSystem) note(`pointing-monitor: ${message}`);
  else {
    note(`pointing-monitor: internal error: ${message}; CONTIMG_LOG_LEVEL=DEBUG shows where`);
    if (env.CONTIMG_LOG_LEVEL?.toUpperCase() === 'DEBUG') note(String(stack));
  }
  return FAILURE;
}
