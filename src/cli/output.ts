import { once } from 'node:events';

/** Writes to stdout, and waits while its reader is slower. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

export const printJson = (value: object): Promise<void> => print(`${JSON.stringify(value)}\n`);

/** Columns as wide as their widest cell, two spaces between; those of numbers line up on the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const numeric = headings.map(
    (_, i) => rows.length > 0 && rows.every((row) => /^(-?[\d.]+|-)?$/.test(row[i] ?? '')),
  );
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number)))
      .join('  ')
      .trimEnd()}\n`;
  return [headings, ...rows].map(line).join('');
}
