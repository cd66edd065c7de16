/** A line, or where it is longer than `width` several: broken at spaces, those after the first indented. */
export function folded(line: string, width: number, indent = 0): string {
  if (line.length <= width) return line;
  return line.slice(0, indent) + wrap(line.slice(indent), width - indent).join(`\n${' '.repeat(indent)}`);
}

/**
 * Text broken at spaces into lines of at most this width, a number kept with its noun. A longer word is broken at its commas, or has
 * a line of its own.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<!\d)\s|\s(?=[(-])/)) {
    for (const [i, part] of (word.length > width ? word.split(/(?<=,)/) : [word]).entries()) {
      const gap = i > 0 || line === '' ? '' : ' ';
      if (line !== '' && line.length + gap.length + part.length > width) {
        lines.push(line.trimEnd());
        line = part;
      } else line += gap + part;
    }
  }
  return [...lines, line];
}

/** Terms with their meanings beside them, or below those that are too long. */
export function definitions(
  entries: readonly (readonly [term: string, meaning: string])[],
  width: number,
): string {
  const widest = Math.max(...entries.map(([term]) => term.length));
  const column = Math.min(widest, Math.floor(width / 3)) + 2;
  return entries
    .map(([term, meaning]) => {
      const lines = wrap(meaning, width - column - 2);
      const beside = term.length + 2 <= column;
      const first = beside
        ? [`  ${term.padEnd(column)}${lines.shift()}`]
        : wrap(term, width - 4).map((line, i) => `${i === 0 ? '  ' : '    '}${line}`);
      return [...first, ...lines.map((line) => `  ${' '.repeat(column)}${line}`)].join('\n');
    })
    .join('\n');
}
