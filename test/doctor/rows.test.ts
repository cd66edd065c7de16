import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRows } from '#src/doctor/rows.js';
import { backends } from '../store/backends.js';
import { stored } from '../store/results.js';

for (const { name, create } of backends()) {
  test(`${name}: doctor counts foreign rows by reason, and files whose rows another program changed`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6), stored('/in/b', 60953.6)]);
    assert.deepEqual(
      (await checkRows(database.location)).map(({ state }) => state),
      ['ok', 'ok', 'ok'],
    );
    await database.query(
      'INSERT INTO pointing_history VALUES (1759590000, 1, 2), (87000, 1, 2), (60000.1, NULL, 2)',
    );
    await database.query('UPDATE pointing_history SET ra_deg = 1 WHERE timestamp = 60953.6');
    const [foreign, ledger, telescope] = await checkRows(database.location);
    assert.equal(foreign?.state, 'warning');
    assert.match(
      foreign?.message ?? '',
      /1 with an impossible time, 1 with a time in the future, 1 with no possible position; this program never deletes them/,
    );
    assert.match(telescope?.message ?? '', /^DSA-110 \(37\.233, -118\.283\)$/);
    assert.match(ledger?.message ?? '', /^1 stored file without a row .*\(\/in\/b\)/);
  });
}
