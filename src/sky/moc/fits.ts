import type { Moc, SpaceTime } from './moc.js';
import { FINEST_TIME_ORDER } from './time.js';

const BLOCK_BYTES = 2880;
const CARD_LENGTH = 80;
const BYTES_PER_CELL = 8;
const FINEST_SPACE_ORDER = 29;
/** Marks times among the cells of a map of both. */
const TIME_BIT = 1n << 63n;

type Value = string | number | boolean;

/**
 * The IVOA's FITS serialization of the sky (MOC 2.0, NUNIQ): a binary table of one column of 64-bit integers, each a cell of
 * order k written as 4 * 4^k + number, ascending.
 */
export function mocFits({ order, cellsByOrder }: Moc): Buffer {
  const uniq = [...cellsByOrder].flatMap(([k, cells]) => cells.map((cell) => 4 ** (k + 1) + cell));
  uniq.sort((a, b) => a - b);
  return fits('SPACE', uniq.map(BigInt), [
    ['TTYPE1', 'UNIQ'],
    ['ORDERING', 'NUNIQ'],
    ['COORDSYS', 'C'],
    ['MOCORD_S', order],
    ['MOCORDER', order],
    ['PIXTYPE', 'HEALPIX'],
  ]);
}

/** The same of time (MOC 2.0, RANGE): the first cell of each stretch and the first after it, in microseconds since JD 0. */
export const timeFits = (cells: readonly number[], order: number): Buffer =>
  fits('TIME', ranges(cells, FINEST_TIME_ORDER - order), [
    ['TTYPE1', 'RANGE'],
    ['ORDERING', 'RANGE'],
    ['TIMESYS', 'TCB'],
    ['MOCORD_T', order],
  ]);

/** The same of time and space (MOC 2.0, RANGE): stretches of time, with the highest bit set, each before its stretches of cells. */
export const spaceTimeFits = ({ timeOrder, spaceOrder, parts }: SpaceTime): Buffer =>
  fits(
    'TIME.SPACE',
    parts.flatMap(({ times, spaces }) => [
      ...ranges(times, FINEST_TIME_ORDER - timeOrder).map((time) => time | TIME_BIT),
      ...ranges(spaces, 2 * (FINEST_SPACE_ORDER - spaceOrder)),
    ]),
    [
      ['TTYPE1', 'RANGE'],
      ['ORDERING', 'RANGE'],
      ['COORDSYS', 'C'],
      ['TIMESYS', 'TCB'],
      ['MOCORD_T', timeOrder],
      ['MOCORD_S', spaceOrder],
    ],
  );

/** Where each stretch of cells, ascending, begins and where it has ended, in cells of which 2^bits make one of these. */
function ranges(cells: readonly number[], bits: number): bigint[] {
  const all: bigint[] = [];
  for (const [i, cell] of cells.entries()) {
    if (cells[i - 1] !== cell - 1) all.push(BigInt(cell) << BigInt(bits));
    if (cells[i + 1] !== cell + 1) all.push(BigInt(cell + 1) << BigInt(bits));
  }
  return all;
}

function fits(dimension: string, values: readonly bigint[], cards: readonly (readonly [string, Value])[]) {
  const data = Buffer.alloc(padded(values.length * BYTES_PER_CELL));
  for (const [i, value] of values.entries()) data.writeBigUInt64BE(value, i * BYTES_PER_CELL);
  return Buffer.concat([
    header([
      ['SIMPLE', true],
      ['BITPIX', 8],
      ['NAXIS', 0],
      ['EXTEND', true],
    ]),
    header([
      ['XTENSION', 'BINTABLE'],
      ['BITPIX', 8],
      ['NAXIS', 2],
      ['NAXIS1', BYTES_PER_CELL],
      ['NAXIS2', values.length],
      ['PCOUNT', 0],
      ['GCOUNT', 1],
      ['TFIELDS', 1],
      ['TFORM1', '1K'],
      ['MOCVERS', '2.0'],
      ['MOCDIM', dimension],
      ...cards,
      ['MOCTOOL', 'pointing-monitor'],
    ]),
    data,
  ]);
}

function header(cards: readonly (readonly [string, Value])[]): Buffer {
  const text = [...cards.map(card), 'END'].map((line) => line.padEnd(CARD_LENGTH)).join('');
  return Buffer.from(text.padEnd(padded(text.length)), 'latin1');
}

/** In the fixed format: numbers and logicals end in column 30, strings begin in column 11. */
function card([name, value]: readonly [string, Value]): string {
  const written = typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value);
  const field = typeof value === 'string' ? `'${value.padEnd(8)}'` : written.padStart(20);
  return `${name.padEnd(8)}= ${field}`;
}

const padded = (bytes: number) => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
