import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { UsageError } from '../errors.js';
import type { Source } from '../sky/calibrators.js';
import { degrees } from '../units.js';
import { NUMBER } from './schema/value.js';

const STDIN = 0;

const REQUIRED = ['ra', 'dec'];
const EXAMPLE = 'start the file with a line such as "ra,dec,name"';

/** Positions from a CSV file with the columns `ra` and `dec` (ICRS, degrees) and perhaps `name`; `-` is stdin. */
export function readPositions(path: string): Source[] {
  const rows = parseRows(path);
  if (rows.length === 0) throw new UsageError(`${path}: no positions in the file`);
  return rows.map(({ record: row, info }) => {
    const line = `${path}, line ${info.lines}`;
    const raIcrsDeg = degrees(number(row.ra, 0, 360, `${line}: ra`));
    const decIcrsDeg = degrees(number(row.dec, -90, 90, `${line}: dec`));
    return { name: row.name || `${row.ra} ${row.dec}`, raIcrsDeg, decIcrsDeg };
  });
}

interface ParsedRow {
  readonly record: Readonly<Record<string, string>>;
  /** Where it ends. */
  readonly info: { readonly lines: number };
}

function parseRows(path: string): ParsedRow[] {
  try {
    return parse(readFileSync(path === '-' ? STDIN : path), {
      bom: true,
      columns: (heading: string[]) => columnsOf(heading, path),
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read positions from ${path}: ${(error as Error).message}`);
  }
}

/** Other columns may be there and repeated: nothing reads them. */
function columnsOf(heading: readonly string[], path: string): string[] {
  const columns = heading.map((name) => name.toLowerCase());
  for (const column of REQUIRED)
    if (!columns.includes(column)) throw new UsageError(`${path}: no column ${column}: ${EXAMPLE}`);
  for (const column of [...REQUIRED, 'name'])
    if (columns.indexOf(column) !== columns.lastIndexOf(column))
      throw new UsageError(`${path}: more than one column ${column}: ${EXAMPLE}`);
  return columns;
}

function number(text: string | undefined, min: number, max: number, what: string): number {
  const value = text && NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new UsageError(`${what} "${text ?? ''}": expected degrees from ${min} to ${max}`);
  return value;
}
