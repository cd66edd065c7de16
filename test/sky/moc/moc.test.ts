import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mocFits } from '#src/sky/moc/fits.js';
import { areaDeg2, mocJson, mocOf } from '#src/sky/moc/moc.js';

const SKY_DEG2 = 41252.96124941928;
/** Cell 7 of order 1 whole, three sisters of cell 32 of order 1, and one alone. */
const cells = { order: 2, cells: new Set([29, 31, 28, 30, 128, 129, 130, 191]) };

test('four sisters become their parent, on every order', () => {
  assert.deepEqual(
    [...mocOf(cells).cellsByOrder],
    [
      [2, [128, 129, 130, 191]],
      [1, [7]],
    ],
  );
  const all = new Set(Array.from({ length: 12 * 16 }, (_, i) => i));
  const sky = mocOf({ order: 2, cells: all });
  assert.deepEqual([...sky.cellsByOrder], [[0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]]);
  assert.ok(Math.abs(areaDeg2(sky) - SKY_DEG2) < 1e-6);
});

test('JSON: orders as names, the finest always there', () => {
  assert.deepEqual(JSON.parse(mocJson(mocOf(cells))), { 1: [7], 2: [128, 129, 130, 191] });
  assert.deepEqual(JSON.parse(mocJson(mocOf({ order: 2, cells: new Set([28, 29, 30, 31]) }))), {
    1: [7],
    2: [],
  });
  assert.deepEqual(JSON.parse(mocJson(mocOf({ order: 8, cells: new Set() }))), { 8: [] });
});

test('FITS: an empty primary part and a table of NUNIQ numbers, ascending, in blocks of 2880 bytes', () => {
  const file = mocFits(mocOf(cells));
  assert.equal(file.length, 3 * 2880);
  const cards = new Map(
    Array.from({ length: 36 }, (_, i) => file.toString('latin1', 2880 + i * 80, 2880 + (i + 1) * 80)).map(
      (card) => [card.slice(0, 8).trim(), card.slice(10).trim()],
    ),
  );
  assert.match(file.toString('latin1', 0, 80), /^SIMPLE {2}= {20}T {50}$/);
  assert.equal(cards.get('ORDERING'), "'NUNIQ   '");
  assert.equal(cards.get('MOCVERS'), "'2.0     '");
  assert.equal(cards.get('MOCORD_S'), '2');
  assert.equal(cards.get('TFORM1'), "'1K      '");
  assert.equal(cards.get('NAXIS2'), '5');
  const numbers = Array.from({ length: 5 }, (_, i) => Number(file.readBigInt64BE(2 * 2880 + 8 * i)));
  assert.deepEqual(numbers, [16 + 7, 64 + 128, 64 + 129, 64 + 130, 64 + 191]);
});
