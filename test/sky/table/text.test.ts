import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'csv-stringify/sync';
import { csvLines } from '#src/sky/table/text.js';

const TEXTS = [
  '',
  '/data/a b_sb00.hdf5',
  'a,b',
  'a"b',
  'a\nb',
  'a\rb',
  '=1',
  '+1',
  '-1',
  '@a',
  '\ta',
  'é',
  '＝1',
  ' a',
];

test('lines of CSV are what csv-stringify writes', () => {
  const rows = TEXTS.flatMap((text) => [
    [text],
    [text, 1.5, null],
    [-0.1, text, 'plain'],
    [null, Number.NaN, text],
  ]);
  for (const lineEnd of ['\n', '\r\n'] as const) {
    const expected = stringify(rows, { escape_formulas: true, record_delimiter: lineEnd });
    assert.equal(csvLines(rows, lineEnd), expected);
  }
});
