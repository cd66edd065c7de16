import type { Moc } from './moc.js';

const BLOCK_BYTES = 2880;
const CARD_LENGTH = 80;
const BYTES_PER_CELL = 8;

type Value = string | number | boolean;

/**
 * The IVOA's FITS serialization (MOC 2.0, spatial, NUNIQ): a binary table of one column of 64-bit integers, each a cell of
 * order k written as 4 * 4^k + number, ascending.
 */
export function mocFits({ order, cellsByOrder }: Moc): Buffer {
  const uniq = [...cellsByOrder].flatMap(([k, cells]) => cells.map((cell) => 4 ** (k + 1) + cell));
  uniq.sort((a, b) => a - b);
  const data = Buffer.alloc(padded(uniq.length * BYTES_PER_CELL));
  for (const [i, value] of uniq.entries()) data.writeBigInt64BE(BigInt(value), i * BYTES_PER_CELL);
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
      ['NAXIS2', uniq.length],
      ['PCOUNT', 0],
      ['GCOUNT', 1],
      ['TFIELDS', 1],
      ['TFORM1', '1K'],
      ['TTYPE1', 'UNIQ'],
      ['MOCVERS', '2.0'],
      ['MOCDIM', 'SPACE'],
      ['ORDERING', 'NUNIQ'],
      ['COORDSYS', 'C'],
      ['MOCORD_S', order],
      ['MOCORDER', order],
      ['PIXTYPE', 'HEALPIX'],
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
