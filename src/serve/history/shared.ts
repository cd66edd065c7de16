import type { Exchange } from '../exchange.js';
import type { Turns } from '../turns.js';

/** Who waits for an answer. */
export type Asker = Pick<Exchange, 'address' | 'onLeave'>;

/** Begins work, which can end when the flag is not 0: nobody waits for it any more. */
export type Begin<T> = (abandoned: Int32Array) => Promise<T>;

interface Work<T> {
  readonly result: Promise<T>;
  readonly abandon: () => void;
  waiting: number;
}

/** The server itself, which stays. */
const SERVER: Asker = { address: '', onLeave: () => {} };

/** Work under way by its key: callers that ask for the same thing get the same result. */
export class Shared<T> {
  readonly #underWay = new Map<string, Work<T>>();
  readonly #turns: Turns | undefined;

  /** Without turns, all work begins at once. */
  constructor(turns?: Turns) {
    this.#turns = turns;
  }

  /** Throws Busy as the turns do. The place among them is that of the first who asks. */
  run(key: string, begin: Begin<T>, { address, onLeave }: Asker = SERVER): Promise<T> {
    const work = this.#underWay.get(key) ?? this.#add(key, begin, address);
    work.waiting++;
    onLeave(() => {
      if (--work.waiting > 0) return;
      this.#remove(key, work);
      work.abandon();
    });
    return work.result;
  }

  #add(key: string, begin: Begin<T>, address: string): Work<T> {
    const abandoned = new Int32Array(new SharedArrayBuffer(4));
    let leave = () => {};
    const abandon = () => {
      Atomics.store(abandoned, 0, 1);
      leave();
    };
    const start = () => begin(abandoned);
    const onLeave = (callback: () => void) => {
      leave = callback;
    };
    const result = this.#turns ? this.#turns.run(address, start, onLeave) : start();
    const work = { result, abandon, waiting: 0 };
    this.#underWay.set(key, work);
    const remove = () => this.#remove(key, work);
    result.then(remove, remove);
    return work;
  }

  #remove(key: string, work: Work<T>): void {
    if (this.#underWay.get(key) === work) this.#underWay.delete(key);
  }
}
