import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Table } from '#src/cli/table.js';

test('a table has as many rows as a history has', () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => [String(i / 4), `row ${i}`]);
  const table = new Table([{ heading: 'quarters' }, { heading: 'name' }], rows);
  assert.equal(table.heading(), 'quarters  name');
  assert.equal(table.row(rows[1] as string[]), '    0.25  row 1');
  assert.equal(table.row(rows.at(-1) as string[]), '49999.75  row 199999');
});
