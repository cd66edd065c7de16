import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './wait.js';
import { root } from './workspace.js';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment without the variables that give defaults, so that only the test's own words count. */
export const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(CONTIMG|PIPELINE|SLURM)_|^(JOB_COMPLETION_INDEX|STATE_DIRECTORY)$/.test(name),
    ),
  ),
  // Where the command keeps what it knows of databases.
  XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'pointing-state-')),
};
process.on('exit', () => rmSync(environment.XDG_STATE_HOME, { recursive: true, force: true }));

const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** The command as it is shipped. */
export const cliPath = join(root, bin['pointing-monitor']);

/** Makes the command `pointing-monitor` in a directory, as an installation has it. */
export function putOnPath(directory: string): void {
  const command = `#!/bin/sh\nexec '${process.execPath}' '${cliPath}' "$@"\n`;
  writeFileSync(join(directory, 'pointing-monitor'), command, { mode: 0o755 });
}

export function spawnCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  user: { uid?: number; gid?: number } = {},
): ChildProcess {
  return spawn(process.execPath, [cliPath, ...args], {
    env: { ...environment, ...env },
    ...user,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the command to its end. */
export function cli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return finished(spawnCli(args, env));
}

/**
 * Of a monitor with `--health-check-interval 1`: waits until it has found itself unhealthy so many times more, each a second apart, by
 * its log.
 */
export function unhealthyLooks(child: ChildProcess): (more: number) => Promise<void> {
  let seen = 0;
  child.stderr?.on('data', (chunk) => {
    seen += String(chunk).match(/"msg":"unhealthy"/g)?.length ?? 0;
  });
  return async (more) => {
    const enough = seen + more;
    await waitFor('further looks at its health', () => seen >= enough);
  };
}

export function finished(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}
