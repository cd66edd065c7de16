import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspace.js';

const program = join(root, 'build', 'Release', 'correlator-simulator');
/** The smallest files of the telescope's layout, for speed. */
const SMALL = ['--nants', '4'];

/** Has the simulated correlator write files, and gives their paths in order. */
export function simulate(directory: string, args: readonly string[] = []): string[] {
  const { status, stdout, stderr } = spawnSync(program, [directory, ...SMALL, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`correlator-simulator: ${stderr}`);
  return stdout.split('\n').filter(Boolean);
}

export function startSimulator(directory: string, args: readonly string[]): ChildProcess {
  return spawn(program, [directory, ...SMALL, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}
