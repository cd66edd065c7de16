/** How many random cases to try where the whole run tries so many: `RANDOM_CASES_PERCENT` of them, 100 if it is not set. */
export const casesOf = (all: number): number =>
  Math.ceil((all * Number(process.env.RANDOM_CASES_PERCENT ?? 100)) / 100);

/** Numbers from 0 to 1, the same for the same seed (the mulberry32 generator). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
