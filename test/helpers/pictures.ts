import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.js';

const ESC = '\u001b';
export const WIDTHS = [60, 80, 120];
const pictures = join(root, 'test/golden/terminal');

/** What is another at each run or on each machine. Lengths stay, where they decide where a line ends. */
const MASKS: [what: RegExp, as: string][] = [
  [/pointing-[A-Za-z0-9]{6}(?=\/)/g, 'pointing-XXXXXX'],
  // Of a progress bar, only how it ends.
  [new RegExp(`${ESC}7.*${ESC}\\[1G(.*?)${ESC}\\[0K.*?${ESC}8`, 'g'), '$1'],
  [/(?<=█ .* (?:failed|of \d+)) .*$/gm, ''],
  [/\d+\/s\b/g, 'N/s'],
  [/[\d.]+ s, [\d.]+ files\/s/g, 'N s, N files/s'],
  [/; [\d.]+ s$/gm, '; N s'],
  [/\d+ bytes/g, 'N bytes'],
  [/status \d+ s old/g, 'status N s old'],
  [/20(?:2[6-9]|[3-9]\d)-\d\d-\d\d(?=T)/g, 'YYYY-MM-DD'],
  [/(?<=YYYY-MM-DDT)\d\d:\d\d:\d\d(\.\d+)?/g, 'hh:mm:ss$1'],
  [/(?<=hh:mm:ss)\.\d+/g, '.sss'],
  [/^(\^C)?\d\d:\d\d:\d\d(?= [A-Z]+ )/gm, '$1hh:mm:ss'],
  // The first scan seldom lasts until the first status.
  [/^hh:mm:ss WARN\w* +unhealthy .*the first scan is still running.*\n/gm, ''],
  [/version=\S+/g, 'version=X.Y.Z'],
  [/(?<=127\.0\.0\.1:)\d+/g, 'PORT'],
  [/^transit +\S.* at (.*), in \d+ min/gm, 'transit     NAME at $1, in N min'],
  [
    /^(?:ok|WARNING|FAILED) +(?:program|IERS table|leap seconds|clock|inotify|unit|free space) .*\n(?: {26}.*\n)*/gm,
    '',
  ],
];

/** Compares a screen with its picture; `UPDATE_PICTURES=1` rewrites them. */
export function comparePicture(name: string, columns: number, screen: string): void {
  const shown = MASKS.reduce((text, [what, as]) => text.replaceAll(what, as), screen);
  const path = join(pictures, `${name}-${columns}.txt`);
  if (process.env.UPDATE_PICTURES) {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(path, shown);
  }
  assert.equal(shown, readFileSync(path, 'utf8'));
}
