import { backfill } from './backfill.js';
import { backup } from './backup.js';
import { completion } from './completion.js';
import { coverage } from './coverage.js';
import { crossmatch } from './crossmatch.js';
import { doctor } from './doctor.js';
import { extract } from './extract.js';
import { history } from './history.js';
import { maintenance } from './maintenance.js';
import { merge } from './merge.js';
import { monitor } from './monitor.js';
import { observed } from './observed.js';
import { retry } from './retry.js';
import { serve } from './serve.js';
import { status } from './status.js';
import { transits } from './transits.js';
import type { Command } from './types.js';
import { verify } from './verify.js';

/** Every command, in the order of the help. */
export const commands = [
  monitor,
  backfill,
  merge,
  extract,
  status,
  serve,
  verify,
  retry,
  history,
  transits,
  observed,
  crossmatch,
  coverage,
  doctor,
  backup,
  maintenance,
  completion,
] as const satisfies readonly Command[];

export type CommandName = (typeof commands)[number]['name'];

export const commandNamed = (name: string): Command | undefined =>
  commands.find((command) => command.name === name);
