import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { excluded, type FAILURE, type LedgerValues } from '../ledger.js';
import { ledgerTypes } from '../tables.js';

type Row = { readonly [Name in keyof LedgerValues]?: unknown };

/**
 * Writes rows of the ledger, each path once and with the values of `columns`, in the order of the key: two writers wait for each
 * other and never crosswise. Returns the paths of which there was a row, also one that became visible only when it was written.
 */
export async function upsertLedger(
  client: PoolClient,
  host: string,
  rows: readonly Row[],
  columns: typeof FAILURE,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const names = Object.values(columns);
  // A row that was there has a transaction that replaced it: this one.
  const { rows: written } = await client.query<{ path: string }>(
    `WITH written AS (
       INSERT INTO pointing_files (host, ${names})
       SELECT $1, * FROM unnest(${names.map((name, i) => `$${i + 2}::${ledgerTypes[name]}[]`)}) AS t (${names})
       ORDER BY path COLLATE "C"
       ON CONFLICT (host, path) DO UPDATE SET ${excluded(columns)}
       RETURNING path, xmax <> 0 AS was_there)
     SELECT path FROM written WHERE was_there`,
    [host, ...(Object.keys(columns) as (keyof LedgerValues)[]).map((name) => rows.map(kept(name)))],
  );
  return written.map(({ path }) => path);
}

const kept = (name: keyof LedgerValues) => (row: Row) => {
  if (name === 'path') return ledgerPath(row.path as string);
  return name === 'errorMessage' ? row.errorMessage && quotable(row.errorMessage as string) : row[name];
};

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

/** Whether a path of the ledger is that of a file, and not the beginning of it with a hash. */
export const isWhole = (path: string): boolean => !/\.\.\. sha256:[0-9a-f]{64}$/.test(path);

/** PostgreSQL's text has no NUL, and what libhdf5 quotes of a damaged file may. */
export const quotable = (words: string) => words.replaceAll('\0', '\uFFFD');
