/**
 * The one place where text leaves the program. What people read has its control characters escaped, so that a file's name cannot
 * command a terminal; what programs read is whole.
 */
import { once } from 'node:events';
import { escapeControls } from '../log/plain-line.js';
import { folded } from './describe/wrap.js';

/** Exit code. */
export const FAILURE = 1;
/** 128 and SIGPIPE, as of a program that the signal ends. */
const CLOSED_PIPE = 141;
const DEFAULT_WIDTH = 110;
const MIN_WIDTH = 60;

const settings = { color: process.env.NO_COLOR === undefined || process.env.NO_COLOR === '' };

export const withoutColor = (): void => {
  settings.color = false;
};

/** Columns of the terminal; undefined unless stdout is a terminal: then text is written whole. */
export const terminalWidth = (): number | undefined =>
  process.stdout.isTTY ? Math.max(MIN_WIDTH, process.stdout.columns ?? DEFAULT_WIDTH) : undefined;

/** Columns for text that is wrapped, wherever it goes. */
export const textWidth = (): number => Math.min(DEFAULT_WIDTH, terminalWidth() ?? DEFAULT_WIDTH);

/** A line of sentences for stdout: on a terminal as several that fit, those after the first indented. */
export function fitted(line: string, indent = 0): string {
  const width = terminalWidth();
  return width === undefined ? line : folded(line, width, indent);
}

const styled = (code: number) => (text: string) =>
  settings.color && process.stdout.isTTY ? `\x1b[${code}m${text}\x1b[0m` : text;
const STYLES = { plain: (text: string) => text, dim: styled(2), bold: styled(1), red: styled(31) };
export type Style = keyof typeof STYLES;

/** Text from elsewhere, such as a file's name, that must stay on its line. */
export const oneLine = (text: string): string => escapeControls(text);

/** Writes lines for people to stdout, and waits while its reader is slower. */
export async function print(text: string, style: Style = 'plain'): Promise<void> {
  const lines = text.replace(/\n$/, '').split('\n');
  await send(lines.map((line) => `${line === '' ? '' : STYLES[style](escapeControls(line))}\n`).join(''));
}

/** Writes text for programs to stdout as it is; on a terminal without its control characters. */
export async function printRaw(text: string): Promise<void> {
  await (process.stdout.isTTY ? print(text) : send(text));
}

/** One object per line. */
export const printJson = (value: object): Promise<void> => printJsonText(`${JSON.stringify(value)}\n`);

/** Lines of JSON. JSON itself leaves the control characters above 0x7e, which a terminal may obey as well. */
export const printJsonText = (lines: string): Promise<void> =>
  send(
    lines.replaceAll(/[\u007f-\u009f]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

async function send(text: string): Promise<void> {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Writes lines for people to stderr; on a terminal they are folded. */
export function note(text: string): void {
  const { isTTY, columns = DEFAULT_WIDTH } = process.stderr;
  const width = isTTY ? Math.max(MIN_WIDTH, columns) : Number.POSITIVE_INFINITY;
  const lines = text.replace(/\n$/, '').split('\n');
  process.stderr.write(lines.map((line) => `${folded(escapeControls(line), width)}\n`).join(''));
}

/** Makes the program end as users expect when a reader has gone or the disk is full. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(CLOSED_PIPE);
    note(`pointing-monitor: cannot write to standard output: ${error.message}`);
    process.exit(FAILURE);
  });
  // There is nobody left to tell.
  process.stderr.on('error', () => {});
}
