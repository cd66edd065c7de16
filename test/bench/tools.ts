import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const builtTool = (name: string) => join(root, 'build/Release', name);

/** Runs a program to its end and gives what it printed. Throws if it fails. */
function run(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with exit ${status}: ${stderr}`);
  return stdout;
}

const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');

export function buildTools(): void {
  run('cmake', ['--build', join(root, 'build'), '--target', 'bare-preads', 'evict-cache']);
}

export function simulate(directory: string, args: readonly string[]): void {
  run(builtTool('correlator-simulator'), [directory, ...args]);
  run('sync', ['--file-system', directory]); // so that nothing measured later has to wait for these files
}

export interface Timing {
  readonly files: number;
  readonly seconds: number;
}

export interface Place {
  readonly offset: number;
  readonly length: number;
}

export function barePreads(paths: readonly string[], places: readonly Place[], threads: number): Timing {
  const args = [String(threads), ...places.map(({ offset, length }) => `${offset}:${length}`)];
  return JSON.parse(run(builtTool('bare-preads'), args, lines(paths)));
}

/** Throws where the kernel keeps something: what follows would not be cold. */
export function evict(paths: readonly string[]): void {
  const { residentPages } = JSON.parse(run(builtTool('evict-cache'), [], lines(paths)));
  if (residentPages > 0)
    throw new Error(`${residentPages} pages stay in memory: is the directory on a real disk?`);
}

/** A Python that has h5py, if there is one. */
export function pythonWithH5py(): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', 'import h5py']).status === 0,
  );
}

export function h5pyRead(python: string, paths: readonly string[]): Timing {
  return JSON.parse(run(python, [join(root, 'test/bench/h5py_read.py')], lines(paths)));
}

export interface Measured {
  readonly stdout: string;
  /** From the start of the process to its end. */
  readonly wholeSeconds: number;
  /** Of the process itself, all its threads, without children. */
  readonly processorSeconds: number;
  /** Resident set size, likewise without children. */
  readonly peakRssBytes: number;
}

/** Runs a program to its end and watches it. Rejects if it fails. */
export function measure(command: string, args: readonly string[]): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let usage = { processorSeconds: 0, peakRssBytes: 0 };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const watch = setInterval(() => {
      usage = usageOf(child.pid) ?? usage;
    }, 10);
    child.once('error', reject);
    child.once('close', (status) => {
      clearInterval(watch);
      const wholeSeconds = (performance.now() - start) / 1000;
      if (status === 0) resolve({ stdout, wholeSeconds, ...usage });
      else reject(new Error(`${command} ${args.join(' ')} ended with exit ${status}: ${stderr}`));
    });
  });
}

/** The kernel counts processor time for /proc in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** As the kernel counts since the start of the process, so that the last look before its end says nearly all. */
function usageOf(pid: number | undefined) {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (kib === undefined) return undefined; // a zombie
    // The fields after the name, which may hold anything but a last parenthesis: see proc(5).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { processorSeconds: ticks / TICKS_PER_SECOND, peakRssBytes: Number(kib) * 1024 };
  } catch {
    return undefined; // gone
  }
}
