import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { environment } from '../helpers/cli.js';
import { waitFor } from '../helpers/wait.js';
import { fixture } from '../helpers/workspace.js';

export interface StartUpRow {
  readonly command: string;
  /** Of all its threads and processes, in seconds. */
  readonly processor: number;
  /** To that of a Node that does nothing. */
  readonly ratio: number;
  readonly maxRatio: number;
}

const ROUNDS = 9;
const NOTHING = ['--eval', ''];
const OBSERVATION = fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5');

/** Processor time of starting the program, the least of some rounds; each round runs every command once. */
export async function measureStartUp(program: string): Promise<StartUpRow[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'pointing-bench-'));
  try {
    return measure(program, await statusFileOfMonitor(program, scratch));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function measure(program: string, statusFile: string): StartUpRow[] {
  const commands = [
    { command: '--version', args: ['--version'], maxRatio: 2.5 },
    { command: 'status', args: ['status', '--status-file', statusFile], maxRatio: 2.5 },
    { command: 'extract FILE', args: ['extract', OBSERVATION], maxRatio: 3 },
  ];
  const rounds = Array.from({ length: ROUNDS }, () => ({
    nothing: processorSeconds(NOTHING),
    each: commands.map(({ args }) => processorSeconds([program, ...args])),
  }));
  const nothing = Math.min(...rounds.map((round) => round.nothing));
  return commands.map(({ command, maxRatio }, i) => {
    const processor = Math.min(...rounds.map(({ each }) => each[i] as number));
    return { command, processor, ratio: processor / nothing, maxRatio };
  });
}

/** Of one that has stored a file, and was killed. */
async function statusFileOfMonitor(program: string, directory: string): Promise<string> {
  const statusFile = join(directory, 'status.json');
  copyFileSync(OBSERVATION, join(directory, basename(OBSERVATION)));
  const args = ['monitor', directory, join(directory, 'products.sqlite3'), '--status-file', statusFile];
  const monitor = spawn(process.execPath, [program, ...args], {
    env: environment,
    stdio: 'ignore',
  });
  const ended = once(monitor, 'exit');
  try {
    await waitFor('the status of a stored file', () => {
      const status = existsSync(statusFile) && JSON.parse(readFileSync(statusFile, 'utf8'));
      return status?.healthy && status.newest_observation;
    });
    return statusFile;
  } finally {
    monitor.kill('SIGKILL');
    await ended;
  }
}

/** By bash, since Node knows only its own. */
function processorSeconds(args: readonly string[]): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2>&1';
  const { stderr } = spawnSync('bash', ['-c', script, 'time', process.execPath, ...args], {
    encoding: 'utf8',
  });
  const [user, system] = stderr.trim().split(' ').map(Number) as [number, number];
  return user + system;
}
