export const RA_BIN_DEG = 1.25;
export const DEC_BIN_DEG = 1;
export const RA_BINS = 360 / RA_BIN_DEG;
export const DEC_BINS = 180 / DEC_BIN_DEG;

/** Cells of the sky from one edge to another, of rows and of columns. */
export interface Block {
  readonly row: number;
  toRow: number;
  readonly from: number;
  readonly to: number;
}

/** Neighbours of one declination together, with those of the next where they are the same. */
export function blocksOf(isIncluded: (cell: number) => boolean): Block[] {
  const blocks: Block[] = [];
  let below = new Map<number, Block>();
  for (let row = 0; row < DEC_BINS; row++) {
    const here = new Map<number, Block>();
    const first = row * RA_BINS;
    for (let column = 0; column < RA_BINS; column++) {
      if (!isIncluded(first + column)) continue;
      const from = column;
      while (column < RA_BINS && isIncluded(first + column)) column++;
      const beneath = below.get(from);
      const block = beneath?.to === column ? beneath : { row, toRow: row, from, to: column };
      if (block !== beneath) blocks.push(block);
      block.toRow = row + 1;
      here.set(from, block);
    }
    below = here;
  }
  return blocks;
}

/**
 * The blocks of each level, 1 to `max`, of cells that have one, 0 for none. A level reaches under the next cell of a higher one,
 * so that no seam shows between them.
 */
export const blocksOfLevels = (levels: Uint8Array, max: number): Block[][] =>
  Array.from({ length: max }, (_, i) => {
    const level = i + 1;
    return blocksOf(
      (cell) =>
        levels[cell] === level ||
        ((levels[cell] as number) > level && neighboursOf(cell).some((next) => levels[next] === level)),
    );
  });

/** Beyond a pole there is no cell. */
function neighboursOf(cell: number): number[] {
  const column = cell % RA_BINS;
  const first = cell - column;
  return [
    first + ((column + 1) % RA_BINS),
    first + ((column + RA_BINS - 1) % RA_BINS),
    cell + RA_BINS,
    cell - RA_BINS,
  ];
}
