/** The greatest of any number of numbers, as many of which as arguments would not fit on the stack. -Infinity of none. */
export function greatest(numbers: Iterable<number>): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const number of numbers) if (number > max) max = number;
  return max;
}
