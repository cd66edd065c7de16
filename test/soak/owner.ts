import { loadavg } from 'node:os';
import type { Owner } from '../helpers/workspace.js';

/** A run: it ends what it has started, in reverse order, and says what it finds with the time and the machine's load. */
export class Run implements Owner {
  readonly #ends: (() => unknown)[] = [];

  after(end: () => unknown): void {
    this.#ends.push(end);
  }

  diagnostic(text: string): void {
    process.stdout.write(`${new Date().toISOString()}  load ${loadavg()[0]?.toFixed(1)}  ${text}\n`);
  }

  async end(): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
  }
}
