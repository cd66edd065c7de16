/** Rows of other programs with anything in them: no reader fails, and none is shown that cannot be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyImplausible } from '#src/store/plausible.js';
import { degrees, mjdUtc, mjdUtcOfDate } from '#src/units.js';
import { backends } from './backends.js';
import { all, stored } from './results.js';

const EVER = [mjdUtc(Number.NEGATIVE_INFINITY), mjdUtc(Number.POSITIVE_INFINITY)] as const;
const now = mjdUtcOfDate(new Date());
/** By reason, as SQL values. */
const FOREIGN = {
  impossible_time: [
    '(1759590000, 1, 2)',
    '(1e300, 1, 2)',
    '(-5, 1, 2)',
    '(88070, 1, 2)',
    '(40000, NULL, NULL)',
  ],
  future: [`(${now + 1}, 1, 2)`, '(87000, NULL, 2)'],
  wrong_time: ['(51572.5, 1, 2)', '(51572.51, NULL, NULL)'],
  no_position: ['(60000.1, NULL, 2)', '(60000.2, 1, NULL)', '(60000.3, 1, 91)', '(60000.4, 1e300, 2)'],
};
const ONLY_SQLITE = {
  impossible_time: ["('2025-10-04', 1, 2)", "(x'00', 1, 2)", '(NULL, 1, 2)', '(9e999, 1, 2)'],
  future: [],
  wrong_time: [],
  no_position: ["(60000.5, 'north', 2)", "(60000.6, 1, x'00')", '(60000.7, 9e999, 1)'],
};
const ONLY_POSTGRES = {
  impossible_time: ["('NaN', 1, 2)", "('Infinity', 1, 2)"],
  future: [],
  wrong_time: [],
  no_position: ["(60000.5, 'NaN', 2)", "(60000.6, 1, '-Infinity')"],
};

for (const { name, create } of backends()) {
  test(`${name}: implausible rows are left out everywhere, counted by reason, and stay as they are`, async (t) => {
    const database = await create(t);
    const store = await database.store();
    await store.record([stored('/in/a', 60952.6), stored('/in/b', 60952.7)]);
    const more = name === 'SQLite' ? ONLY_SQLITE : ONLY_POSTGRES;
    const expected: Record<string, number> = {};
    for (const reason of Object.keys(FOREIGN) as (keyof typeof FOREIGN)[]) {
      const rows = [...FOREIGN[reason], ...more[reason]];
      await database.query(`INSERT INTO pointing_history VALUES ${rows}`);
      expected[reason] = rows.length;
    }
    const reader = await database.reader();
    const good = [60952.6, 60952.7];
    const times = (rows: readonly { timestamp: number }[]) => rows.map(({ timestamp }) => timestamp);
    assert.deepEqual(times(await all(reader.history(...EVER))), good);
    assert.deepEqual(times(await all(reader.observations(...EVER))), good);
    const json = Buffer.concat(await all(reader.historyJson(...EVER))).toString();
    assert.deepEqual(times(JSON.parse(`[${json}]`)), good);
    assert.equal(await reader.timestampAfter(...EVER, 1), 60952.7);
    assert.equal(await reader.timestampAfter(...EVER, 2), undefined);
    const newest = await reader.newest();
    assert.equal(newest?.timestamp, 60952.7);
    assert.ok(newest);
    assert.equal(await reader.atDeclinationSince(newest, degrees(0.1)), 60952.6);
    assert.deepEqual(await reader.implausibleRows('all'), expected);
    const { no_position: _, ...byTime } = expected;
    assert.deepEqual(await reader.implausibleRows('times'), byTime);
    const [count] = await database.query<{ n: number | string }>(
      'SELECT count(*) AS n FROM pointing_history',
    );
    assert.equal(Number(count?.n), 2 + Object.values(expected).reduce((a, b) => a + b));
    const unattributed = (await all(reader.unattributedHistory())).flat();
    assert.ok(unattributed.every((row) => whyImplausible(row) !== undefined));
  });
}

test('a plausible row is plausible in TypeScript too', () => {
  const row = { timestamp: 60952.6, ra_deg: 359.9, dec_deg: -90 };
  assert.equal(whyImplausible(row), undefined);
  assert.equal(whyImplausible({ ...row, timestamp: now + 0.5 }), 'future');
  assert.equal(whyImplausible({ ...row, timestamp: now }), undefined);
  assert.equal(whyImplausible({ ...row, dec_deg: '1' }), 'no_position');
  assert.equal(whyImplausible({ ...row, timestamp: null }), 'impossible_time');
});
