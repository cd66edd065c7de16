import { spawn, spawnSync } from 'node:child_process';
import { cliPath, environment, finished } from './cli.js';

export const hasTerminals = spawnSync('script', ['--version']).status === 0;

/** A command whose pattern never appears is ended. */
const LIMIT_MS = 60_000;

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

function scriptOf(args: readonly string[], columns: number, rows = 60): string[] {
  const command = [process.execPath, cliPath, ...args].map(quoted).join(' ');
  return ['-qec', `stty cols ${columns} rows ${rows}; exec ${command}`, '/dev/null'];
}

export interface OnTerminal {
  readonly code: number | null;
  /** What the terminal got, stdout and stderr together, with its control sequences. */
  readonly output: string;
}

/** Runs the command in a pseudo-terminal of this width. */
export function cliOnTerminal(
  args: readonly string[],
  columns: number,
  {
    cwd = process.cwd(),
    env = {},
    keys = '',
    rows = 60,
  }: { cwd?: string; env?: NodeJS.ProcessEnv; keys?: string; rows?: number } = {},
): OnTerminal {
  const { status, stdout } = spawnSync('script', scriptOf(args, columns, rows), {
    encoding: 'utf8',
    cwd,
    env: { ...environment, TERM: 'xterm', ...env },
    input: keys,
  });
  return { code: status, output: stdout.replaceAll('\r\n', '\n') };
}

/** Runs the command in a pseudo-terminal; each time the next pattern appears, presses keys or does something. Gives the screen. */
export async function cliUntil(
  args: readonly string[],
  columns: number,
  cwd: string,
  steps: readonly (readonly [pattern: RegExp, then: string | (() => void)])[],
  rows?: number,
): Promise<string> {
  const child = spawn('script', scriptOf(args, columns, rows), {
    cwd,
    env: { ...environment, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
  let seen = '';
  let step = 0;
  child.stdout.on('data', (chunk) => {
    seen += chunk;
    const [pattern, then] = steps[step] ?? [];
    if (!pattern?.test(seen)) return;
    step++;
    if (typeof then === 'string') child.stdin.write(then);
    else then?.();
  });
  const { stdout } = await finished(child);
  return stdout.replaceAll('\r\n', '\n');
}
