import { Busy } from './errors.js';
import { Places } from './limits.js';

/**
 * Lets at most `atOnce` tasks run at once; the others wait for their turn, first come, first served among the addresses that have the
 * fewest running. `max` of them all, half for one address.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #places: Places;
  readonly #waiting = new Set<{ readonly address: string; readonly start: () => void }>();
  readonly #running: string[] = [];

  constructor(atOnce: number, max: number) {
    this.#atOnce = atOnce;
    this.#places = new Places(max, 'too many questions wait for their answers');
  }

  /** Throws Busy beyond the limit, and if all who wait have left before the turn, which `onLeave` calls back for. */
  async run<T>(address: string, work: () => Promise<T>, onLeave: (callback: () => void) => void): Promise<T> {
    const free = this.#places.take(address);
    try {
      await this.#turnOf(address, onLeave);
      try {
        return await work();
      } finally {
        this.#running.splice(this.#running.indexOf(address), 1);
        this.#startNext();
      }
    } finally {
      free();
    }
  }

  #turnOf(address: string, onLeave: (callback: () => void) => void): Promise<void> {
    return new Promise((start, reject) => {
      const waiting = { address, start };
      this.#waiting.add(waiting);
      onLeave(() => {
        if (this.#waiting.delete(waiting)) reject(new Busy('nobody waits for this answer'));
      });
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#running.length >= this.#atOnce) return;
    const runningOf = (address: string) => this.#running.filter((each) => each === address).length;
    // A stable sort: the first to come stays before others of its kind.
    const [next] = [...this.#waiting].sort((a, b) => runningOf(a.address) - runningOf(b.address));
    if (!next) return;
    this.#waiting.delete(next);
    this.#running.push(next.address);
    next.start();
  }
}
