/** Rows of equally many numbers, one after the other. */
export function flattened(rows: readonly (readonly number[])[]): Float64Array {
  const columns = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * columns);
  let at = 0;
  for (const row of rows) for (let i = 0; i < columns; i++) all[at++] = row[i] as number;
  return all;
}
