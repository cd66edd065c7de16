import type { CommandModule } from 'yargs';
import type { Environment } from '../config.js';

// biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, which yargs alone brings together.
type AnyCommand = CommandModule<object, any>;

/** Each command by its name, in the order of the help. Loaded only when wanted: the monitor must not carry the others. */
const commands: Record<string, () => Promise<(environment: Environment) => AnyCommand>> = {
  monitor: async () => (await import('./monitor.js')).monitorCommand,
  backfill: async () => (await import('./backfill.js')).backfillCommand,
  merge: async () => (await import('./merge.js')).mergeCommand,
  extract: async () => (await import('./extract.js')).extractCommand,
  status: async () => (await import('./status.js')).statusCommand,
  serve: async () => (await import('./serve.js')).serveCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  retry: async () => (await import('./retry.js')).retryCommand,
  history: async () => (await import('./history.js')).historyCommand,
  observed: async () => (await import('./observed.js')).observedCommand,
  transits: async () => (await import('./transits.js')).transitsCommand,
  crossmatch: async () => (await import('./crossmatch.js')).crossmatchCommand,
  coverage: async () => (await import('./coverage.js')).coverageCommand,
  doctor: async () => (await import('./doctor.js')).doctorCommand,
};

export const commandNames: readonly string[] = Object.keys(commands);

/** The command of this name alone, or all of them where there is none such: for the help, and for what was misspelt. */
export async function loadCommands(
  name: string | undefined,
  environment: Environment,
): Promise<AnyCommand[]> {
  if (name === '--version') return [];
  const wanted = name !== undefined && Object.hasOwn(commands, name) ? [name] : commandNames;
  return Promise.all(
    wanted.map(async (each) => (await (commands[each] as (typeof commands)[string])())(environment)),
  );
}
