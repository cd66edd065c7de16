import type { LedgerFilter } from './rows.js';

/** A filter as a condition of SQL and its values, which follow those already there. Paths must compare byte by byte. */
export function conditions(
  { code, under }: LedgerFilter,
  before: readonly string[] = [],
): { where: string; values: string[] } {
  const values = [...before];
  const value = (each: string) => `$${values.push(each)}`;
  const parts: string[] = [];
  if (code) parts.push(`error_code = ${value(code)}`);
  const base = under === '/' ? '' : under;
  // '0' is the character after '/', so this is every path that begins with "under/", by the primary key.
  if (base !== undefined)
    parts.push(`(path = ${value(base)} OR path > ${value(`${base}/`)} AND path < ${value(`${base}0`)})`);
  return { where: parts.join(' AND ') || 'TRUE', values };
}
