import type { Cells } from './footprint.js';

/** A multi-order coverage map: for each order the cells, ascending, that are whole; four sisters are one parent. */
export interface Moc {
  /** The finest order that the map can tell apart. */
  readonly order: number;
  readonly cellsByOrder: ReadonlyMap<number, readonly number[]>;
}

const CHILDREN = 4;

/** The same sky with the fewest cells. */
export function mocOf({ order, cells }: Cells): Moc {
  const cellsByOrder = new Map<number, number[]>();
  let level: readonly number[] = [...cells].sort((a, b) => a - b);
  for (let k = order; k >= 0; k--) {
    const parents: number[] = [];
    const single: number[] = [];
    for (let i = 0; i < level.length; ) {
      const cell = level[i] as number;
      // Sorted and distinct, so that the fourth from here is the last sister only if all four are there.
      const whole = k > 0 && cell % CHILDREN === 0 && level[i + 3] === cell + 3;
      if (whole) parents.push(cell / CHILDREN);
      else single.push(cell);
      i += whole ? CHILDREN : 1;
    }
    if (single.length > 0) cellsByOrder.set(k, single);
    level = parents;
  }
  return { order, cellsByOrder };
}

const SKY_DEG2 = 4 * Math.PI * (180 / Math.PI) ** 2;

export function areaDeg2({ cellsByOrder }: Moc): number {
  let area = 0;
  for (const [order, cells] of cellsByOrder) area += (cells.length * SKY_DEG2) / (12 * CHILDREN ** order);
  return area;
}

/** The IVOA's JSON serialization. The finest order stands there even where it has no cell. */
export function mocJson({ order, cellsByOrder }: Moc): string {
  const entries = [...cellsByOrder].sort(([a], [b]) => a - b);
  const withFinest = cellsByOrder.has(order) ? entries : [...entries, [order, []] as const];
  return `${JSON.stringify(Object.fromEntries(withFinest))}\n`;
}
