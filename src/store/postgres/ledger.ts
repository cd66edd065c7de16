import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';

/** A column of the ledger, its type, and its value of a row. */
export type Column<Row> = readonly [
  name: string,
  type: 'text' | 'bigint' | 'int' | 'float8',
  value: (row: Row) => unknown,
];

/** Writes rows of the ledger, each path once, in the order of the key: two writers wait for each other and never crosswise. */
export async function upsertLedger<Row>(
  client: PoolClient,
  host: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = columns.map(([name]) => name);
  await client.query(
    `INSERT INTO pointing_files (host, ${names})
     SELECT $1, * FROM unnest(${columns.map(([, type], i) => `$${i + 2}::${type}[]`)}) AS t (${names})
     ORDER BY path COLLATE "C"
     ON CONFLICT (host, path) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`)}`,
    [host, ...columns.map(([, , value]) => rows.map(value))],
  );
}

/** A key of an index holds no more bytes. */
const MAX_KEY_BYTES = 2600;
const HEAD_CHARACTERS = 600;

/** The path as the ledger keeps it: a longer one as its beginning with a hash of all of it. */
export function ledgerPath(path: string): string {
  if (Buffer.byteLength(path) <= MAX_KEY_BYTES) return path;
  const hash = createHash('sha256').update(path).digest('hex');
  // At a whole character, and so that `--path` of a directory near the root still means it.
  const head = [...path.slice(0, HEAD_CHARACTERS)].slice(0, -1).join('');
  return `${head}... sha256:${hash}`;
}

/** PostgreSQL's text has no NUL, and what libhdf5 quotes of a damaged file may. */
export const quotable = (words: string) => words.replaceAll('\0', '\uFFFD');
