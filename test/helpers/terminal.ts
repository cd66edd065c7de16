import { spawnSync } from 'node:child_process';
import { cliPath } from './cli.js';

export const hasTerminals = spawnSync('script', ['--version']).status === 0;

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

export interface OnTerminal {
  readonly code: number | null;
  /** What the terminal got, stdout and stderr together, with its control sequences. */
  readonly output: string;
}

/** Runs the command in a pseudo-terminal of this width. */
export function cliOnTerminal(
  args: readonly string[],
  columns: number,
  { cwd = process.cwd(), env = {}, keys = '' }: { cwd?: string; env?: NodeJS.ProcessEnv; keys?: string } = {},
): OnTerminal {
  const command = [process.execPath, cliPath, ...args].map(quoted).join(' ');
  const { status, stdout } = spawnSync(
    'script',
    ['-qec', `stty cols ${columns} rows 60; exec ${command}`, '/dev/null'],
    { encoding: 'utf8', cwd, env: { ...process.env, TERM: 'xterm', ...env }, input: keys },
  );
  return { code: status, output: stdout.replaceAll('\r\n', '\n') };
}
