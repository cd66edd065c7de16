import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { waitFor } from './wait.js';
import type { Owner } from './workspace.js';

/** A file system that can be made to hang, as a file server does that has died: bindfs, whose process is stopped. Needs root. */
export class HangingMount {
  readonly #process: ChildProcess;
  readonly #path: string;

  private constructor(process: ChildProcess, path: string) {
    this.#process = process;
    this.#path = path;
  }

  /** Shows the files of `source` at `path`. Unmounted when the test ends. */
  static async mount(test: Owner, source: string, path: string): Promise<HangingMount> {
    const child = spawn('bindfs', ['-f', '-o', 'attr_timeout=0,entry_timeout=0', source, path], {
      stdio: 'ignore',
    });
    const mounted = new HangingMount(child, path);
    test.after(() => mounted.end());
    await waitFor('the mount', () => readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${path} `));
    return mounted;
  }

  hang(): void {
    this.#process.kill('SIGSTOP');
  }

  goOn(): void {
    this.#process.kill('SIGCONT');
  }

  /** Its process is gone: everything in it fails at once. */
  die(): void {
    this.#process.kill('SIGKILL');
  }

  end(): void {
    this.goOn();
    spawnSync('umount', ['--lazy', this.#path]);
    this.#process.kill('SIGKILL');
  }
}
