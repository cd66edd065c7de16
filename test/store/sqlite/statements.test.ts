import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doublesOf } from '#src/store/sqlite/statements.js';

test('a blob of doubles is read wherever it begins, and copied only where it must be', () => {
  const doubles = Float64Array.of(61000.25, -118.2, 37.23);
  const memory = new Uint8Array(64);
  for (const offset of [0, 1, 4, 8, 15]) {
    memory.set(new Uint8Array(doubles.buffer), offset);
    const read = doublesOf(memory.subarray(offset, offset + doubles.byteLength));
    assert.deepEqual(read, doubles);
    assert.equal(read.buffer === memory.buffer, offset % 8 === 0);
  }
});
