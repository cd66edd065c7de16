/** Something that can happen, and how often among the others. */
export interface Choice<T> {
  readonly name: string;
  readonly weight: number;
  readonly act: T;
}

export function pick<T>(choices: readonly Choice<T>[], next: () => number): Choice<T> {
  let place = next() * choices.reduce((sum, { weight }) => sum + weight, 0);
  for (const choice of choices) {
    place -= choice.weight;
    if (place < 0) return choice;
  }
  throw new Error('nothing to choose from');
}

/** How often each has happened. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  toString(): string {
    return [...this.#counts].map(([name, count]) => `${name} ${count}`).join(', ');
  }
}
