import { kept } from '../../maps.js';
import { ROW } from '../../sky/history/taken.js';
import type { Instruments } from '../../sky/instruments.js';
import { firstFrom } from '../../sky/sorted.js';

/** Rows of a block that is full; 459 kB. */
export const BLOCK_ROWS = 8192;

/**
 * Rows of the history, oldest first, `ROW` doubles each. Blocks are never changed, only replaced: a list of them
 * is the history of one moment.
 */
export type Block = Float64Array;

/** The history of one moment, for one who may have left. */
export interface AskedHistory {
  readonly blocks: readonly Block[];
  readonly instruments: Instruments;
  readonly isAbandoned: () => boolean;
}

/** Thrown where nobody waits for the answer any more. */
export class Abandoned extends Error {}

export const rowsOf = (block: Block) => block.length / ROW;
export const firstOf = (block: Block) => block[0] as number;
export const lastOf = (block: Block) => block[block.length - ROW] as number;

/** The row number of the first row at or after a time. */
function rowFrom(block: Block, mjd: number): number {
  let low = 0;
  for (let high = rowsOf(block); low < high; ) {
    const middle = (low + high) >>> 1;
    if ((block[middle * ROW] as number) < mjd) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows of a range of times, both ends included, block by block, without copying. */
export function* within(blocks: readonly Block[], start: number, end: number): Generator<Block> {
  for (let i = firstFrom(blocks, start, lastOf); i < blocks.length; i++) {
    const block = blocks[i] as Block;
    if (firstOf(block) > end) return;
    const from = rowFrom(block, start);
    let to = rowFrom(block, end);
    while (to < rowsOf(block) && (block[to * ROW] as number) <= end) to++;
    if (from < to) yield block.subarray(from * ROW, to * ROW);
  }
}

/** What a question is about: a range of times, both ends included, and the observations of one telescope if it names one. */
export interface Choice {
  readonly start: number;
  readonly end: number;
  readonly instrument?: string | undefined;
}

/** The rows that a question is about, block by block until its client leaves. Copied only where some of a block are left out. */
export function* chosenRows(
  { blocks, instruments, isAbandoned }: AskedHistory,
  { start, end, instrument }: Choice,
): Generator<Block> {
  for (const rows of within(blocks, start, end)) {
    if (isAbandoned()) throw new Abandoned();
    const own = instrument === undefined ? rows : rowsOfTelescope(rows, instruments, instrument);
    if (own.length > 0) yield own;
  }
}

function rowsOfTelescope(rows: Block, instruments: Instruments, name: string): Block {
  const isOwn = new Map<number, boolean>();
  const own = new Float64Array(rows.length);
  let length = 0;
  for (let i = 0; i < rows.length; i += ROW) {
    const id = rows[i + 4] as number;
    if (!kept(isOwn, id, () => instruments.telescopeOf(id).name === name)) continue;
    own.set(rows.subarray(i, i + ROW), length);
    length += ROW;
  }
  return length === rows.length ? rows : own.slice(0, length);
}

/** Rows in blocks of at most `BLOCK_ROWS`, without copying those that are one. */
export function* split(rows: Float64Array): Generator<Block> {
  const isOwn = rows.length <= BLOCK_ROWS * ROW && rows.byteLength === rows.buffer.byteLength;
  for (let at = 0; at < rows.length; at += BLOCK_ROWS * ROW)
    yield isOwn ? rows : rows.slice(at, at + BLOCK_ROWS * ROW);
}

/** Parts one after the other. */
export function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
