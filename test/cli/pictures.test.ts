/**
 * What each command shows on a terminal of 60, 80 and 120 columns, compared with the pictures in test/golden/terminal.
 * `UPDATE_PICTURES=1` rewrites them: look at each before it is committed.
 */
import assert from 'node:assert/strict';
import { copyFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { commandHelp } from '#src/cli/describe/help.js';
import { commands } from '#src/cli/schema/commands.js';
import { cli } from '../helpers/cli.js';
import { Monitor } from '../helpers/monitor.js';
import { comparePicture, WIDTHS } from '../helpers/pictures.js';
import { simulate } from '../helpers/simulator.js';
import { cliOnTerminal, cliUntil, hasTerminals } from '../helpers/terminal.js';
import { type Workspace, workspace } from '../helpers/workspace.js';

const ESC = '\u001b';
const CTRL_C = '\u0003';
const skip = !hasTerminals && 'no script(1)';

interface Place extends Workspace {
  readonly file: string;
  readonly bad: string;
}

/** Command lines of which every word on the screen is known beforehand. */
const lines: Record<string, (place: Place, columns: number) => string[]> = {
  extract: ({ file, bad }) => ['extract', file, bad],
  backfill: (_, columns) => ['backfill', 'incoming', `b${columns}.sqlite3`],
  merge: (_, columns) => ['merge', `m${columns}.sqlite3`, 'p.sqlite3'],
  backup: (_, columns) => ['backup', `backup${columns}.sqlite3`, 'p.sqlite3'],
  maintenance: () => [
    ...['maintenance', 'p.sqlite3', '--until', '+1d'],
    ...['--reason', 'the disks of the correlator are replaced'],
  ],
  doctor: () => ['doctor', 'incoming', 'p.sqlite3'],
  observed: () => ['observed', '3C454.3', '--products-db', 'p.sqlite3'],
  'observed-days': () => ['observed', '3C454.3', '--by', 'day', '--products-db', 'p.sqlite3'],
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
  coverage: () => ['coverage', 'p.sqlite3', '--to', '2025-10-01T12:00'],
  verify: () => ['verify', 'incoming', 'p.sqlite3'],
  retry: (_, columns) => ['retry', `r${columns}.sqlite3`],
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
  const productsDb = join(space.path, 'p.sqlite3');
  const { code, stderr } = await cli(['backfill', space.incoming, productsDb]);
  assert.equal(code, 0, stderr);
  for (const columns of WIDTHS) copyFileSync(productsDb, join(space.path, `r${columns}.sqlite3`));
  place = { ...space, file, bad };
});

for (const columns of WIDTHS) {
  for (const [name, line] of Object.entries(lines)) {
    test(`${name} at ${columns} columns`, { skip }, () => {
      const { code, output } = cliOnTerminal(line(place, columns), columns, { cwd: place.path });
      comparePicture(name, columns, `${output}exit ${code}\n`);
    });
  }

  for (const command of commands) {
    test(`${command.name} --help at ${columns} columns`, () => {
      const help = commandHelp(command, columns);
      for (const line of help.split('\n')) assert.ok(line.length <= columns, line);
      comparePicture(`help-${command.name}`, columns, help);
    });
  }

  test(`monitor at ${columns} columns`, { skip }, async (t) => {
    const space = workspace(t);
    const line = ['monitor', 'incoming', 'p.sqlite3', '--status-file', 'status.json'];
    const screen = await cliUntil(line, columns, space.path, [
      [/INFO +healthy/, () => void simulate(space.incoming, ['--start', '2025-10-01T00:00:00'])],
      [/_sb00\.hdf5/, CTRL_C],
    ]);
    comparePicture('monitor', columns, screen);
  });

  test(`serve at ${columns} columns`, { skip }, async () => {
    const line = ['serve', 'p.sqlite3', '--port', '0'];
    comparePicture('serve', columns, await cliUntil(line, columns, place.path, [[/^http/m, CTRL_C]]));
  });
}

test('status and status --watch of a monitor at each width', { skip }, async (t) => {
  const { incoming, path } = place;
  const space = { ...workspace(t), incoming, productsDb: join(path, 'p.sqlite3') };
  const statusFile = join(path, 'live.json');
  const monitor = new Monitor(t, { ...space, statusFile });
  await monitor.until('a scan', ({ reconciliation, newest_observation: newest }) =>
    Boolean(reconciliation?.failed === 1 && newest),
  );
  for (const columns of WIDTHS) {
    const { code, output } = cliOnTerminal(['status', '--status-file', 'live.json'], columns, { cwd: path });
    comparePicture('status', columns, `${output}exit ${code}\n`);
    const watch = ['status', 'p.sqlite3', '--watch', '--status-file', 'live.json'];
    const screen = await cliUntil(watch, columns, path, [[/q quits/, 'q']]);
    const [, frame = ''] = screen.split(`${ESC}[H`);
    comparePicture('status-watch', columns, frame.replaceAll(`${ESC}[K`, '').split(`${ESC}[J`)[0] as string);
  }
});

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

test('a backfill that is interrupted twice gives the terminal its cursor and its line wrap back', {
  skip,
}, async (t) => {
  const space = workspace(t);
  simulate(space.incoming, ['--count', '3000']);
  const screen = await cliUntil(['backfill', 'incoming', 'p.sqlite3'], 80, space.path, [
    [/░/, CTRL_C],
    [/interrupt again/, CTRL_C],
  ]);
  for (const [off, on] of ['?25', '?7'].map((mode) => [`${ESC}[${mode}l`, `${ESC}[${mode}h`] as const))
    assert.ok(screen.lastIndexOf(on) > screen.lastIndexOf(off) && screen.includes(off), screen);
});

test('status --watch leaves the terminal as it was', { skip }, () => {
  const { output } = cliOnTerminal(['status', 'p.sqlite3', '--watch'], 80, { cwd: place.path, keys: 'q' });
  assert.ok(output.includes(`${ESC}[?1049h${ESC}[?25l`));
  assert.ok(output.endsWith(`${ESC}[?25h${ESC}[?1049l`));
});
