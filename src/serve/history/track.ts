import { grouped, kept } from '../../maps.js';
import { DEFAULT_JUMP_DEG } from '../../sky/declination-changes.js';
import { ROW } from '../../sky/history/taken.js';
import { icrsOfColumns } from '../../sky/icrs.js';
import type { Instruments } from '../../sky/instruments.js';
import { type AskedHistory, type Block, type Choice, chosenRows, rowsOf } from './block.js';

/** Doubles per row: time and apparent position, and the ICRS position. */
const COLUMNS = 5;
const APPARENT = 3;

export interface TrackPieceQuestion extends Choice {
  /** The last row of the piece before. */
  readonly after: number;
}

/** The next rows of a track. Without `after` they are the last. */
export interface TrackPiece {
  readonly body: Uint8Array;
  readonly after?: number;
}

/** The next rows of a range with their ICRS positions: a block's at most. */
export function trackPiece(history: AskedHistory, { after, ...wanted }: TrackPieceQuestion): TrackPiece {
  for (const rows of chosenRows(history, { ...wanted, start: Math.max(wanted.start, after) })) {
    const rest = rows[0] === after ? rows.subarray(ROW) : rows;
    if (rest.length === 0) continue;
    return {
      body: packed(rest, icrsOfPart(rest, history.instruments)),
      after: rest[rest.length - ROW] as number,
    };
  }
  return { body: new Uint8Array(0) };
}

export interface OutlineQuestion extends Choice {
  readonly maxPoints: number;
}

export interface Outline {
  readonly body: Uint8Array;
  /** Rows of the range, and how many of them one of the outline stands for; 1 where it has them all. */
  readonly rows: number;
  readonly stride: number;
}

/** A range with few enough rows: one at every stride, and those before and after each move unless the moves alone are too many. */
export function outline(history: AskedHistory, { maxPoints, ...wanted }: OutlineQuestion): Outline {
  const { rows, moves } = sizeOf(chosenRows(history, wanted));
  const withMoves = 4 * moves < maxPoints;
  const stride = Math.max(1, Math.ceil(rows / (withMoves ? maxPoints - 2 * moves : maxPoints)));
  const chosen: number[] = [];
  let index = 0;
  let previous: Block | undefined;
  let previousChosen = false;
  for (const block of chosenRows(history, wanted)) {
    for (let i = 0; i < block.length; i += ROW, index++) {
      const row = block.subarray(i, i + ROW);
      const moved =
        previous !== undefined && Math.abs((row[2] as number) - (previous[2] as number)) > DEFAULT_JUMP_DEG;
      if (withMoves && moved && !previousChosen) chosen.push(...(previous as Block));
      const isChosen = index % stride === 0 || (withMoves && moved);
      if (isChosen) chosen.push(...row);
      previous = row;
      previousChosen = isChosen;
    }
  }
  const columns = Float64Array.from(chosen);
  return { body: packed(columns, icrsOf(columns, history.instruments)), rows, stride };
}

function sizeOf(blocks: Iterable<Block>): { rows: number; moves: number } {
  let rows = 0;
  let moves = 0;
  let last = Number.NaN;
  for (const block of blocks) {
    rows += rowsOf(block);
    for (let i = 2; i < block.length; i += ROW) {
      if (Math.abs((block[i] as number) - last) > DEFAULT_JUMP_DEG) moves++;
      last = block[i] as number;
    }
  }
  return { rows, moves };
}

/** Right ascension and declination in ICRS, two doubles per row. */
function icrsOf(rows: Float64Array, instruments: Instruments): Float64Array {
  const pairs = new Float64Array(rowsOf(rows) * 2);
  const all = Array.from({ length: rowsOf(rows) }, (_, row) => row * ROW);
  const bySite = grouped(all, (i) => instruments.telescopeOf(rows[i + 4]).site);
  for (const [site, starts] of bySite) {
    const column = (offset: number) => Float64Array.from(starts, (i) => rows[i + offset] as number);
    const { raIcrsDeg, decIcrsDeg } = icrsOfColumns(column(0), column(1), column(2), site);
    for (const [k, i] of starts.entries()) {
      pairs[(i / ROW) * 2] = raIcrsDeg[k] as number;
      pairs[(i / ROW) * 2 + 1] = decIcrsDeg[k] as number;
    }
  }
  return pairs;
}

/** By the memory of a block: kept as long as that, 16 bytes a row of blocks that somebody asked for. */
const known = new WeakMap<ArrayBufferLike, Float64Array>();

function icrsOfPart(rows: Float64Array, instruments: Instruments): Float64Array {
  const all = kept(known, rows.buffer, (memory) => icrsOf(new Float64Array(memory), instruments));
  const first = (rows.byteOffset / 8 / ROW) * 2;
  return all.subarray(first, first + rowsOf(rows) * 2);
}

/** Little-endian, as every machine that Node.js runs on here. */
function packed(rows: Float64Array, icrs: Float64Array): Uint8Array {
  const piece = new Float64Array(rowsOf(rows) * COLUMNS);
  for (let i = 0; i < rowsOf(rows); i++) {
    piece.set(rows.subarray(i * ROW, i * ROW + APPARENT), i * COLUMNS);
    piece[i * COLUMNS + 3] = icrs[2 * i] as number;
    piece[i * COLUMNS + 4] = icrs[2 * i + 1] as number;
  }
  return new Uint8Array(piece.buffer);
}
