import { closeSync, readSync } from 'node:fs';
import { operatingSystem } from '../../native/process.js';
import type { StatGate } from './stat-gate.js';

/**
 * Notices that the kernel dropped all watches on a directory, because its file system was unmounted, also where the same is mounted
 * again under the same number before anybody looks. Where inotify has no room it notices nothing.
 */
export class LossWatch {
  readonly #gate: StatGate;
  readonly #event = Buffer.alloc(4096);
  #descriptor: number | undefined;

  constructor(gate: StatGate) {
    this.#gate = gate;
  }

  /** Whether it has happened since `renew`. */
  get lost(): boolean {
    if (this.#descriptor === undefined) return false;
    try {
      return readSync(this.#descriptor, this.#event) > 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
      throw error;
    }
  }

  /** Watches these directories instead of those before. One that does not answer is left out. */
  async renew(directories: readonly string[]): Promise<void> {
    this.close();
    const answers = await Promise.all(directories.map((path) => this.#gate.open(path)));
    const opened = answers.flatMap((answer) => (answer && 'value' in answer ? [answer.value] : []));
    if (opened.length === 0) return;
    const descriptor = operatingSystem().watchForLoss(opened.map(({ fd }) => fd));
    if (descriptor >= 0) this.#descriptor = descriptor;
    await Promise.all(opened.map((handle) => handle.close()));
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
