import { Busy } from '../errors.js';

/** Calls back once, when the one who asked has left. */
export type Cancellation = (callback: () => void) => void;

/** Work that has begun, and how to tell it that nobody waits for it any more. */
export interface Begun<T> {
  readonly result: Promise<T>;
  readonly abandon?: () => void;
}

/** Work under way by its key: callers that ask for the same thing get the same result. */
export class Shared<T> {
  readonly #underWay = new Map<string, Begun<T> & { waiting: number }>();
  readonly #max: number;

  constructor(max = Number.POSITIVE_INFINITY) {
    this.#max = max;
  }

  /** Throws Busy rather than begin more than the maximum at once. */
  run(key: string, begin: () => Begun<T>, cancellation?: Cancellation): Promise<T> {
    const underWay = this.#underWay.get(key);
    if (!underWay && this.#underWay.size >= this.#max)
      throw new Busy(`${this.#max} other questions are being answered: try again in a moment`);
    const work = underWay ?? this.#add(key, begin());
    work.waiting++;
    cancellation?.(() => {
      if (--work.waiting > 0) return;
      this.#remove(key, work);
      work.abandon?.();
    });
    return work.result;
  }

  #add(key: string, begun: Begun<T>) {
    const work = { ...begun, waiting: 0 };
    this.#underWay.set(key, work);
    const remove = () => this.#remove(key, work);
    work.result.then(remove, remove);
    return work;
  }

  #remove(key: string, work: Begun<T>): void {
    if (this.#underWay.get(key) === work) this.#underWay.delete(key);
  }
}
