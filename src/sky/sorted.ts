/** The index of the first item whose key is at least this, of items in the order of their keys. */
export function firstFrom<T>(items: readonly T[], min: number, key: (item: T) => number): number {
  let low = 0;
  for (let high = items.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (key(items[middle] as T) < min) low = middle + 1;
    else high = middle;
  }
  return low;
}
