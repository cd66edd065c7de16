import type { Environment } from '../config.js';
import type { CommandName } from '../schema/commands.js';
import type { Values } from '../schema/parse.js';

type Handler = (args: never, environment: Environment) => Promise<void>;

/** What each command does. Loaded only when wanted: the monitor must not carry the others. */
const handlers: Record<CommandName, () => Promise<Handler>> = {
  monitor: async () => (await import('./monitor.js')).monitor,
  backfill: async () => (await import('./backfill.js')).backfill,
  merge: async () => (await import('./merge.js')).merge,
  extract: async () => (await import('./extract.js')).extract,
  status: async () => (await import('./status.js')).status,
  serve: async () => (await import('./serve.js')).serve,
  verify: async () => (await import('./verify.js')).verify,
  retry: async () => (await import('./retry.js')).retry,
  history: async () => (await import('./history.js')).history,
  transits: async () => (await import('./transits.js')).transits,
  observed: async () => (await import('./observed.js')).observed,
  crossmatch: async () => (await import('./crossmatch.js')).crossmatch,
  coverage: async () => (await import('./coverage.js')).coverage,
  backup: async () => (await import('./backup.js')).backup,
  maintenance: async () => (await import('./maintenance.js')).maintenance,
  doctor: async () => (await import('./doctor.js')).doctor,
  completion: async () => (await import('./completion.js')).completion,
};

/** Runs a command with the values that `parse` made for it. */
export async function run(name: string, values: Values, environment: Environment): Promise<void> {
  const handler = await handlers[name as CommandName]();
  await handler(values as never, environment);
}
