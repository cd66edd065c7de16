/** How much of its time a line shows: none where its reader keeps it, the time of day for a person, all of it in a file. */
export type TimeShown = 'none' | 'of day' | 'whole';

/** A log line as a person reads it, always one line: a file's name can hold what a terminal takes for a command. */
export function plainLine(json: string, shown: TimeShown): string {
  const { time, level, msg, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const details = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const clock = shown === 'whole' ? `${String(time).slice(0, 19)}Z` : String(time).slice(11, 19);
  const head = shown === 'none' ? '' : `${clock} ${String(level).padEnd(7)} `;
  return `${head}${escapeControls([msg, ...details].join('  '))}\n`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;
const EACH_CONTROL = new RegExp(CONTROLS, 'g');

/** Control characters as JSON writes them: text from elsewhere must not command a terminal. Nearly all text has none. */
export const escapeControls = (text: string) =>
  CONTROLS.test(text)
    ? text.replaceAll(EACH_CONTROL, (character) =>
        JSON.stringify(character)
          .slice(1, -1)
          .replace(/^[\u007f-\u009f]$/, '\u{FFFD}'),
      )
    : text;
