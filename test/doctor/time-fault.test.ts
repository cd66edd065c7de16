import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trueRows } from '#src/doctor/time-fault.js';
import { FAULT_RANGE } from '#src/store/plausible.js';
import { degrees, mjdUtc } from '#src/units.js';
import { goldenTable } from '../helpers/golden.js';

const SECOND = 1 / 86400;
const rows = goldenTable('time-fault.tsv').map((cells) =>
  Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, Number(value)])),
) as Record<string, number>[];

test('rows as the Python monitor made them get their true times, and right ascensions as by astropy', () => {
  const right = trueRows(
    rows.map((row) => ({
      timestamp: mjdUtc(row.wrong_timestamp as number),
      ra_deg: degrees(row.wrong_ra_deg as number),
      dec_deg: degrees(row.dec_deg as number),
    })),
  );
  assert.equal(right.length, 300);
  for (const [i, row] of rows.entries()) {
    const found = right[i];
    assert.ok(found);
    assert.ok(Math.abs(found.timestamp - (row.true_mjd as number)) < 0.1 * SECOND, `row ${i}: time`);
    const offDeg = (((found.ra_deg - (row.true_ra_deg as number) + 540) % 360) - 180) as number;
    // 0.1 s of time is 1.5 arcsec. An hour angle other than 0 carries the wrong longitude on, up to 0.0018 degrees.
    const allowedDeg = row.ha_deg === 0 ? 1.5 / 3600 : 0.0018 + 1.5 / 3600;
    assert.ok(Math.abs(offDeg) < allowedDeg, `row ${i}: right ascension ${offDeg * 3600} arcsec off`);
    assert.equal(found.dec_deg, row.dec_deg);
  }
});

test('the range holds every date from 2020 to 2050 read wrongly, and no date of the telescope', () => {
  for (const row of rows) {
    const wrong = row.wrong_timestamp as number;
    assert.ok(wrong >= FAULT_RANGE.start && wrong < FAULT_RANGE.end);
  }
  assert.ok(FAULT_RANGE.start > 51572.45 && FAULT_RANGE.end < 51572.59);
});
