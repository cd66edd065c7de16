/** A log line as a person reads it, always one line: a file's name may hold whatever a terminal would take for a command. */
export function plainLine(json: string, { withTime }: { withTime: boolean }): string {
  const { time, level, msg, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const details = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const head = withTime ? `${String(time).slice(11, 19)} ${String(level).padEnd(7)} ` : '';
  return `${head}${escapeControls([msg, ...details].join('  '))}\n`;
}

/** Control characters as JSON writes them: what is not ours must not command a terminal. */
export const escapeControls = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) =>
    JSON.stringify(character)
      .slice(1, -1)
      .replace(/^[\u007f-\u009f]$/, '\u{FFFD}'),
  );
