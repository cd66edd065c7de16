import { spawnSync } from 'node:child_process';
import { devNull } from 'node:os';
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

/** Processor time of starting the program, the least of some rounds; each round runs every command once. */
export function measureStartUp(program: string): StartUpRow[] {
  const commands = [
    { command: '--version', args: ['--version'], maxRatio: 2.5 },
    { command: 'status', args: ['status', '--status-file', devNull], maxRatio: 2.5 },
    {
      command: 'extract FILE',
      args: ['extract', fixture('dsa110/2025-10-04T15:12:13_sb00.hdf5')],
      maxRatio: 3.5,
    },
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

/** By bash, since Node knows only its own. */
function processorSeconds(args: readonly string[]): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2>&1';
  const { stderr } = spawnSync('bash', ['-c', script, 'time', process.execPath, ...args], {
    encoding: 'utf8',
  });
  const [user, system] = stderr.trim().split(' ').map(Number) as [number, number];
  return user + system;
}
