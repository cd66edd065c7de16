import { isDeepStrictEqual } from 'node:util';
import type { Cells } from '../footprint.js';

/** A multi-order coverage map: for each order the cells, ascending, that are whole; all sisters together are their parent. */
export interface Moc {
  /** The finest order that the map can tell apart. */
  readonly order: number;
  readonly cellsByOrder: ReadonlyMap<number, readonly number[]>;
}

/** The sky of each stretch of time: cells of both, ascending; stretches that follow each other differ in their sky. */
export interface SpaceTime {
  readonly timeOrder: number;
  readonly spaceOrder: number;
  readonly parts: readonly { readonly times: readonly number[]; readonly spaces: readonly number[] }[];
}

/** Cells of the sky by cell of time, with times of the same sky put together. */
export function spaceTimeOf(
  byTime: ReadonlyMap<number, ReadonlySet<number>>,
  timeOrder: number,
  spaceOrder: number,
): SpaceTime {
  const parts: { times: number[]; spaces: readonly number[] }[] = [];
  for (const [time, cells] of [...byTime].sort(([a], [b]) => a - b)) {
    const spaces = [...cells].sort((a, b) => a - b);
    const last = parts.at(-1);
    if (last?.times.at(-1) === time - 1 && isDeepStrictEqual(last.spaces, spaces)) last.times.push(time);
    else parts.push({ times: [time], spaces });
  }
  return { timeOrder, spaceOrder, parts };
}

/** Of a cell of the sky, and of time. */
const CHILDREN = { space: 4, time: 2 } as const;

/** The same sky, or time, with the fewest cells. */
export function mocOf({ order, cells }: Cells, dimension: keyof typeof CHILDREN = 'space'): Moc {
  const sisters = CHILDREN[dimension];
  const cellsByOrder = new Map<number, number[]>();
  let level: readonly number[] = [...cells].sort((a, b) => a - b);
  for (let k = order; k >= 0; k--) {
    const parents: number[] = [];
    const single: number[] = [];
    for (let i = 0; i < level.length; ) {
      const cell = level[i] as number;
      // Sorted and distinct, so that the last sister stands so far from here only if all are there.
      const whole = k > 0 && cell % sisters === 0 && level[i + sisters - 1] === cell + sisters - 1;
      if (whole) parents.push(cell / sisters);
      else single.push(cell);
      i += whole ? sisters : 1;
    }
    if (single.length > 0) cellsByOrder.set(k, single);
    level = parents;
  }
  return { order, cellsByOrder };
}

const SKY_DEG2 = 4 * Math.PI * (180 / Math.PI) ** 2;

export function areaDeg2({ cellsByOrder }: Moc): number {
  let area = 0;
  for (const [order, cells] of cellsByOrder)
    area += (cells.length * SKY_DEG2) / (12 * CHILDREN.space ** order);
  return area;
}

/** The IVOA's JSON serialization. The finest order stands there even where it has no cell. */
export const mocJson = (moc: Moc): string => `${JSON.stringify(jsonOf(moc))}\n`;

/** The same for a map of time and space: the sky of each stretch of time. */
export function spaceTimeJson({ timeOrder, spaceOrder, parts }: SpaceTime): string {
  const finest = { t: { [timeOrder]: [] }, s: { [spaceOrder]: [] } };
  const items = parts.map(({ times, spaces }) => ({
    t: jsonOf(mocOf({ order: timeOrder, cells: new Set(times) }, 'time')),
    s: jsonOf(mocOf({ order: spaceOrder, cells: new Set(spaces) })),
  }));
  return `${JSON.stringify([...items, finest])}\n`;
}

function jsonOf({ order, cellsByOrder }: Moc): Record<string, readonly number[]> {
  const entries = [...cellsByOrder].sort(([a], [b]) => a - b);
  const withFinest = cellsByOrder.has(order) ? entries : [...entries, [order, []] as const];
  return Object.fromEntries(withFinest);
}
