import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePosition } from '#src/sky/sky-position.js';

test('a position is read in every usual way', () => {
  // 3C286: 13h 31m 08.2881s, +30d 30m 32.959s is 202.7845338, +30.5091553 (astropy).
  for (const text of [
    '13:31:08.2881 +30:30:32.959',
    '13h31m08.2881s +30d30m32.959s',
    '13 31 08.2881 +30 30 32.959',
    '13h 31m 08.2881s  +30° 30′ 32.959″',
    '13h 31m 08.2881s 30d 30\' 32.959"',
    '202° 47′ 04.32168″ +30° 30′ 32.959″',
    '202.7845338 30.5091553',
    '202.7845338°  +30.5091553°',
    ' 202.7845338, +30.5091553 ',
  ]) {
    const { raIcrsDeg = Number.NaN, decIcrsDeg = Number.NaN } = parsePosition(text) ?? {};
    assert.ok(Math.abs(raIcrsDeg - 202.7845338) < 1e-6 && Math.abs(decIcrsDeg - 30.5091553) < 1e-6, text);
  }
  assert.equal(parsePosition('00:00:01 -00:30:00')?.decIcrsDeg, -0.5);
  assert.equal(parsePosition('00:00:01 −00:30:00')?.decIcrsDeg, -0.5);
});

test('any other text is no position', () => {
  for (const text of [
    '3C286',
    '',
    '24:00:00 +10:00:00',
    '13:61:00 +10:00:00',
    '10 +91',
    '-10 +10',
    '10',
    '1 2 3',
    '2025-10-04',
    // A fraction before the last part, as in a right ascension and a declination each with its error.
    '13.5:30 10',
    '13 31.5 08 +30 30 33',
    '13:31:08 +30.5:30',
    '5.35 0.01 22.01 0.02',
    '5.35, 0.01, 22.01, 0.02',
    '187.5 12h',
    '13h31m08s 2h30m33s',
    '10m 20s',
  ])
    assert.equal(parsePosition(text), undefined, text);
});
