import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { nearest } from '#src/cli/schema/nearest.js';
import { parseTime } from '#src/cli/schema/time.js';
import { UsageError } from '#src/errors.js';
import { isoMillisecondsOfMjdUtc } from '#src/units.js';
import { root } from '../../helpers/workspace.js';

const NOW = Date.parse('2026-03-01T12:34:56Z');

function span(text: string): string[] {
  const { startMjdUtc, endMjdUtc } = parseTime(text, '--from', NOW);
  return [startMjdUtc, endMjdUtc].map((mjd) => isoMillisecondsOfMjdUtc(mjd));
}

test('a time in every usual form, in UTC; a date is the whole day', () => {
  const instants: [string, string][] = [
    ['2026-01-02 03:04', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02T03:04', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02t03:04:05.25z', '2026-01-02T03:04:05.250Z'],
    ['2026-01-02 03:04:05+00:00', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02 03:04 UTC', '2026-01-02T03:04:00.000Z'],
    ['60952.5', '2025-10-04T12:00:00.000Z'],
    ['60952', '2025-10-04T00:00:00.000Z'],
    ['-3d', '2026-02-26T12:34:56.000Z'],
    ['-1.5h', '2026-03-01T11:04:56.000Z'],
    ['-30m', '2026-03-01T12:04:56.000Z'],
    ['+2w', '2026-03-15T12:34:56.000Z'],
    ['now', '2026-03-01T12:34:56.000Z'],
  ];
  for (const [text, expected] of instants) assert.deepEqual(span(text), [expected, expected], text);
  const days: [string, string, string][] = [
    ['2024-02-29', '2024-02-29', '2024-03-01'],
    ['yesterday', '2026-02-28', '2026-03-01'],
    ['Today', '2026-03-01', '2026-03-02'],
    ['tomorrow', '2026-03-02', '2026-03-03'],
  ];
  for (const [text, from, to] of days)
    assert.deepEqual(span(text), [`${from}T00:00:00.000Z`, `${to}T00:00:00.000Z`], text);
});

test('anything else is refused by name', () => {
  for (const text of [
    '',
    'monday',
    '2025-02-30',
    '2025-1-2',
    '2026-01-02T25:00',
    '2026-01-02+01:00',
    '3d',
    '1e5',
    '-3',
  ])
    assert.throws(() => parseTime(text, '--from', NOW), UsageError, text);
  for (const text of ['1989-12-31', '2100-01-01', '40000', '-99999d'])
    assert.throws(() => parseTime(text, '--from', NOW), /--from: expected a time from 1990 to 2099/, text);
});

test('the nearest name is the one that was meant, or none', () => {
  const names = ['monitor', 'status', 'serve', 'verify', 'transits', 'history', 'observed'];
  for (const [word, meant] of [
    ['statsu', 'status'],
    ['moniter', 'monitor'],
    ['hist', 'history'],
    ['STATUS', 'status'],
    ['transit', 'transits'],
    ['sevre', 'serve'],
    ['observe', 'observed'],
    ['x', undefined],
  ] as const)
    assert.equal(nearest(word, names), meant, word);
});

const hasGroff = spawnSync('groff', ['--version']).status === 0;

test('the manual page is sound', { skip: !hasGroff && 'no groff' }, () => {
  const page = join(root, 'ops/man/pointing-monitor.1');
  const { status, stdout, stderr } = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-P-cbou', page], {
    encoding: 'utf8',
  });
  assert.equal(status, 0);
  assert.doesNotMatch(stderr, /error|macro .* not defined/);
  assert.match(stdout, /--reconcile-interval NUMBER/);
});

test('a word that every object has is no time', () => {
  for (const word of ['constructor', '__proto__', 'toString'])
    assert.throws(() => parseTime(word, '--from'), /expected a UTC time/);
});
