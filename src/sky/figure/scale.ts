/** From a range of values to a range of pixels, either way round. */
export type Scale = (value: number) => number;

export function linear(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): Scale {
  const perUnit = (end - start) / (to - from || 1);
  return (value) => start + (value - from) * perUnit;
}

/** Round values within a range, at most `max`. */
export function ticks(
  from: number,
  to: number,
  max: number,
  steps = [1, 2, 5, 10, 15, 20, 30, 45, 90],
): number[] {
  const step = steps.find((each) => (to - from) / each <= max) ?? (to - from) / max;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Light to dark as the fraction grows from 0 to 1; distinct in grey as well. */
export function shade(fraction: number): string {
  const colours = [
    [179, 208, 232],
    [107, 164, 209],
    [33, 113, 181],
    [8, 48, 107],
  ] as const;
  const place = Math.min(1, Math.max(0, fraction)) * (colours.length - 1);
  const i = Math.min(Math.floor(place), colours.length - 2);
  const [low, high] = [colours[i] as readonly number[], colours[i + 1] as readonly number[]];
  const mixed = low.map((value, k) => Math.round(value + ((high[k] as number) - value) * (place - i)));
  return `rgb(${mixed.join(',')})`;
}
