import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayColumns, sightingColumns } from '#src/sky/sightings/columns.js';
import type { Sighting } from '#src/sky/sightings/search.js';
import { Totals } from '#src/sky/sightings/totals.js';
import { record } from '#src/sky/table/column.js';
import { degrees, mjdUtc } from '#src/units.js';
import { madeObservation } from '../../helpers/observations.js';
import { unknownInstruments } from '../../helpers/sky.js';

const row = madeObservation({ mjd: 60953, decDeg: 30 });
const sighting: Sighting = {
  source: { name: 'here', raIcrsDeg: degrees(0), decIcrsDeg: degrees(30) },
  row,
  inMjdUtc: mjdUtc(60953 - 0.3 / 86400),
  outMjdUtc: mjdUtc(60953.001),
  closestMjdUtc: mjdUtc(60953),
  offsetDeg: degrees(0),
  peakResponse: 1,
  meanResponse: 1,
  seconds: 87,
  weightedSeconds: 87,
};
const unasked = { atDeclinationSince: () => assert.fail(), movedAfter: () => assert.fail() };

test('what comes into the beam in the last half second of a day counts for that day', async () => {
  const totals = new Totals(unasked, unknownInstruments, { days: true, dwells: false });
  await totals.add(sighting);
  const [day] = totals.days().map((each) => record(dayColumns, each));
  const { in_utc } = record(sightingColumns, { ...sighting, row, instrument: 'DSA-110', path: null });
  assert.equal(day?.date, '2025-10-04');
  assert.equal(in_utc, '2025-10-04T23:59:59.700Z');
});

test('time that two observations of one telescope share counts once, for each source', async () => {
  const totals = new Totals(unasked, unknownInstruments, { days: true, dwells: false });
  const at = (from: number, to: number, source = sighting.source): Sighting => ({
    ...sighting,
    source,
    inMjdUtc: mjdUtc(60953.1 + from / 86400),
    outMjdUtc: mjdUtc(60953.1 + to / 86400),
    seconds: to - from,
    weightedSeconds: (to - from) / 2,
  });
  const other = { ...sighting.source, name: 'there' };
  for (const each of [at(-50, 20), at(0, 100), at(0, 100), at(0, 100, other), at(90, 190), at(190, 200)])
    await totals.add(each);
  for (const total of [totals.of(sighting.source), totals.days()[0]]) {
    assert.ok(Math.abs((total?.seconds ?? 0) - 250) < 1e-3);
    assert.ok(Math.abs((total?.weightedSeconds ?? 0) - 125) < 1e-3);
    assert.equal(total?.observations, 5);
  }
  assert.equal(totals.of(other)?.seconds, 100);
});

test('the first time in the beam can be that of an observation whose middle is later', async () => {
  const totals = new Totals(unasked, unknownInstruments, { days: false, dwells: false });
  await totals.add(sighting);
  await totals.add({ ...sighting, inMjdUtc: mjdUtc(60952.99), outMjdUtc: mjdUtc(60953.03) });
  const { firstMjdUtc, lastMjdUtc } = totals.of(sighting.source) ?? {};
  assert.deepEqual([firstMjdUtc, lastMjdUtc], [60952.99, 60953.03]);
});
