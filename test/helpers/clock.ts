import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The library that gives a process another time, wherever the distribution keeps it. */
export function findFaketime(): string | undefined {
  return ['/usr/lib', '/usr/lib64', ...readdirSync('/usr/lib').map((name) => join('/usr/lib', name))]
    .map((directory) => join(directory, 'faketime', 'libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
}

const SHARED_MEMORY = '/dev/shm';

/** The library shares memory with a process's children, and a process that is killed leaves it behind. */
function removeSharedMemoryOfTheDead(): void {
  for (const name of readdirSync(SHARED_MEMORY)) {
    const pid = /faketime_\w+_(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(SHARED_MEMORY, name), { force: true });
  }
}

/** The wall clock of one process, which can be set while the process runs. Its monotonic clock and the times of files are real. */
export class Clock {
  /** What the process needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** How far it is ahead of the real time. */
  offsetSeconds = 0;
  readonly #file: string;

  constructor(directory: string) {
    process.once('exit', removeSharedMemoryOfTheDead);
    this.#file = join(directory, 'clock');
    this.set(0);
    this.env = {
      LD_PRELOAD: findFaketime() as string,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** Sets it so far ahead of, or behind, the real time. */
  set(offsetSeconds: number): void {
    this.offsetSeconds = offsetSeconds;
    // In one step: the process reads it all the time.
    writeFileSync(`${this.#file}.new`, `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** Unix seconds by this clock. */
  get nowUnix(): number {
    return Date.now() / 1000 + this.offsetSeconds;
  }
}
