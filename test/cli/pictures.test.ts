/**
 * What each command shows on a terminal of 60, 80 and 120 columns, compared with the pictures in test/golden/terminal.
 * `UPDATE_PICTURES=1` writes them anew: look at each before it is committed.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { commandHelp } from '#src/cli/describe/help.js';
import { commands } from '#src/cli/schema/commands.js';
import { cli } from '../helpers/cli.js';
import { simulate } from '../helpers/simulator.js';
import { cliOnTerminal, hasTerminals } from '../helpers/terminal.js';
import { root, workspace } from '../helpers/workspace.js';

const ESC = '\u001b';
const WIDTHS = [60, 80, 120];
const pictures = join(root, 'test/golden/terminal');
const skip = !hasTerminals && 'no script(1)';

interface Place {
  readonly path: string;
  readonly file: string;
}

/** Command lines of which every word on the screen is known beforehand. */
const lines: Record<string, (place: Place) => string[]> = {
  extract: ({ file }) => ['extract', file],
  history: () => ['history', 'p.sqlite3', '--to', '2025-10-01T01:00'],
  'history-newest': () => ['history', 'p.sqlite3', '--limit', '3'],
  transits: () => ['transits', '3C286', '--from', '2025-10-01', '--to', '2025-10-03'],
  'transits-never': () => [
    'transits',
    '--ra',
    '10',
    '--dec',
    '-80',
    '--from',
    '2025-10-01',
    '--to',
    '2025-10-01',
  ],
  'transits-low': () => [
    ...['transits', '3C286', '--from', '2025-10-01', '--to', '2025-10-01'],
    ...['--min-elevation-deg', '85'],
  ],
  crossmatch: () => [
    ...['crossmatch', '--from', '2025-10-01', '--to', '2025-10-02'],
    ...['--products-db', 'p.sqlite3', '--min-flux-jy', '3'],
  ],
  'crossmatch-missed': () => [
    ...['crossmatch', '3C286', '--from', '2025-10-01', '--to', '2025-10-03'],
    ...['--products-db', 'p.sqlite3', '--missed'],
  ],
  coverage: () => ['coverage', 'p.sqlite3'],
  verify: () => ['verify', 'incoming', 'p.sqlite3'],
  retry: () => ['retry', 'p.sqlite3', '--code', 'timeout'],
  'status-none': () => ['status', '--status-file', 'none.json'],
  'misspelt-command': () => ['statsu'],
  'misspelt-flag': () => ['history', 'p.sqlite3', '--fro', '-1d'],
};

let place: Place;

before(async (t) => {
  const space = workspace(t as Parameters<typeof workspace>[0]);
  const steps = ['--dec-steps', '54.57:60,16.24:60'];
  const [file = ''] = simulate(space.incoming, [
    '--count',
    '120',
    '--start',
    '2025-10-01T00:00:00',
    ...steps,
  ]);
  const bad = join(space.incoming, '2025-10-02T00:00:00_sb00.hdf5');
  writeFileSync(bad, 'this is text');
  utimesSync(bad, 1.7e9, 1.7e9);
  const { code, stderr } = await cli(['backfill', space.incoming, join(space.path, 'p.sqlite3')]);
  assert.equal(code, 0, stderr);
  place = { path: space.path, file };
});

for (const columns of WIDTHS) {
  for (const [name, line] of Object.entries(lines)) {
    test(`${name} at ${columns} columns`, { skip }, () => {
      const { code, output } = cliOnTerminal(line(place), columns, { cwd: place.path });
      // The workspace's name is another each time, and as long.
      const shown = output.replaceAll(/pointing-[A-Za-z0-9]{6}(?=\/)/g, 'pointing-XXXXXX');
      compare(`${name}-${columns}.txt`, `${shown}exit ${code}\n`);
    });
  }

  for (const command of commands) {
    test(`${command.name} --help at ${columns} columns`, () => {
      const help = commandHelp(command, columns);
      for (const line of help.split('\n')) assert.ok(line.length <= columns, line);
      compare(`help-${command.name}-${columns}.txt`, help);
    });
  }
}

function compare(file: string, text: string): void {
  const path = join(pictures, file);
  if (process.env.UPDATE_PICTURES) {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(path, text);
  }
  assert.equal(text, readFileSync(path, 'utf8'));
}

test('colour is for terminals, and never with NO_COLOR or --no-color', { skip }, async () => {
  const line = ['transits', '3C286', '--from', '2025-10-01', '--to', '2025-10-01'];
  assert.ok(cliOnTerminal(line, 80).output.startsWith(`${ESC}[2msource `));
  assert.ok(!cliOnTerminal(line, 80, { env: { NO_COLOR: '1' } }).output.includes(ESC));
  assert.ok(!cliOnTerminal([...line, '--no-color'], 80).output.includes(ESC));
  assert.ok(!(await cli(line)).stdout.includes(ESC));
});

test('a pipe gets the table whole, however narrow the terminal is', { skip }, async () => {
  const line = ['history', join(place.path, 'p.sqlite3')];
  const { stdout, stderr } = await cli(line, { COLUMNS: '60' });
  assert.equal(stdout.split('\n').length, 122);
  assert.match(stdout, /^ *timestamp .*path\n/);
  assert.ok(stdout.includes(place.file));
  assert.equal(stderr, '');
});

test('status --watch shows rows and leaves the terminal as it was', { skip }, () => {
  const { output } = cliOnTerminal(['status', 'p.sqlite3', '--watch'], 80, { cwd: place.path, keys: 'q' });
  assert.ok(output.includes(`${ESC}[?1049h${ESC}[?25l`));
  assert.match(output, /last rows, UTC/);
  assert.ok(output.endsWith(`${ESC}[?25h${ESC}[?1049l`));
});
