import type { LedgerFilter } from './store.js';

/**
 * A filter as a condition of SQL and its values. `placeholder` names the n-th value, from 1, as the database writes it.
 * Paths must compare byte by byte.
 */
export function conditions(
  { state, code, under }: LedgerFilter,
  placeholder: (n: number) => string,
): { where: string; values: string[] } {
  const values: string[] = [];
  const value = (each: string) => placeholder(values.push(each));
  const parts: string[] = [];
  if (state) parts.push(`state = ${value(state)}`);
  if (code) parts.push(`error_code = ${value(code)}`);
  const base = under === '/' ? '' : under;
  // '0' is the character after '/', so this is every path that begins with "under/", by the primary key.
  if (base !== undefined)
    parts.push(`(path = ${value(base)} OR path > ${value(`${base}/`)} AND path < ${value(`${base}0`)})`);
  return { where: parts.join(' AND ') || 'TRUE', values };
}
