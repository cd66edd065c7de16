import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ang2pix_nest, order2nside } from '@hscmap/healpix';
import { beamOf } from '#src/sky/beam.js';
import { CoverageOfRows, CoverageSum } from '#src/sky/coverage.js';
import { Footprint } from '#src/sky/footprint.js';
import { cellAt } from '#src/sky/healpix.js';
import { icrsOfColumns } from '#src/sky/icrs.js';
import { dsa110 } from '#src/sky/instrument.js';
import { areaDeg2, mocOf } from '#src/sky/moc/moc.js';
import { SPACE_ORDER, SpaceTimeCells } from '#src/sky/moc/space-time.js';
import { driftDegPerSecond } from '#src/sky/observation-time.js';
import { SightingSearch } from '#src/sky/sightings/search.js';
import { degrees, type MjdUtc } from '#src/units.js';
import { madeObservation } from '../helpers/observations.js';
import { fed } from '../helpers/sky.js';

/** Two hours on one direction. */
const SECONDS = 7200;
const row = {
  ...madeObservation({ mjd: 60_952, decDeg: 30.4, seconds: SECONDS }),
  kind: 'sidereal',
} as const;
const centre = icrsOfColumns(
  Float64Array.of(row.timestamp),
  Float64Array.of(row.ra_deg),
  Float64Array.of(row.dec_deg),
  dsa110.site,
);
const raIcrsDeg = centre.raIcrsDeg[0] as number;
const decIcrsDeg = centre.decIcrsDeg[0] as number;
const source = (name: string, eastDeg: number, northDeg: number) => ({
  name,
  raIcrsDeg: degrees((raIcrsDeg + eastDeg + 360) % 360),
  decIcrsDeg: degrees(decIcrsDeg + northDeg),
});
const sightings = (kind: typeof row.kind | null, middleOnly = false) =>
  new SightingSearch([source('centre', 0, 0), source('east', 12.2, 0), source('north', 0, 1)], {
    radiusDeg: beamOf(dsa110).fwhmDeg / 2,
    instrument: dsa110,
    longestSeconds: SECONDS,
    middleOnly,
  })
    .in([{ ...row, kind }])
    .sort((one, other) => one.source.name.localeCompare(other.source.name));
const fromMiddle = (time: MjdUtc) => Math.round((time - row.timestamp) * 86_400);

test('what a telescope follows is in the beam from start to end, and nothing drifts past', () => {
  const found = sightings('sidereal');
  assert.deepEqual(
    found.map((each) => [
      each.source.name,
      each.seconds,
      fromMiddle(each.inMjdUtc),
      fromMiddle(each.outMjdUtc),
    ]),
    [
      ['centre', SECONDS, -SECONDS / 2, SECONDS / 2],
      ['north', SECONDS, -SECONDS / 2, SECONDS / 2],
    ],
  );
  for (const [i, offsetDeg] of [0, 1].entries()) {
    const { peakResponse, meanResponse, weightedSeconds, ...each } = found[i] as (typeof found)[number];
    const response = beamOf(dsa110).response(offsetDeg);
    assert.ok(Math.abs(each.offsetDeg - offsetDeg) < 0.001);
    assert.ok(Math.abs(peakResponse - response) < 0.001);
    assert.equal(meanResponse, peakResponse);
    assert.equal(weightedSeconds, SECONDS * meanResponse);
  }
});

test('where no file tells, the sky drifts past', () => {
  const found = sightings(null);
  assert.deepEqual(
    found.map((each) => [each.source.name, each.seconds < 800]),
    [
      ['centre', true],
      ['east', true],
      ['north', true],
    ],
  );
});

test('where only the middle counts, what it follows has no time', () => {
  assert.deepEqual(
    sightings('sidereal', true).map(({ seconds }) => seconds),
    [0, 0],
  );
});

test('all of its time is at one right ascension', async () => {
  const bins = { decBinDeg: 1, raBinDeg: 1 };
  const ofRows = new CoverageOfRows(bins);
  ofRows.add(row.timestamp, row.ra_deg, row.dec_deg, SECONDS, driftDegPerSecond(row.kind));
  for (const { bands } of [(await fed(new CoverageSum(bins), [row])).result(), ofRows.finish()]) {
    assert.equal(bands.length, 1);
    assert.equal(bands[0]?.seconds, SECONDS);
    assert.deepEqual(
      bands[0]?.raBinSeconds.flatMap((seconds, bin) => (seconds > 0 ? [[bin, seconds]] : [])),
      [[Math.floor(row.ra_deg), SECONDS]],
    );
  }
});

test('the sky that it saw is one beam, all of the time', async () => {
  const { cells, order } = (await fed(new Footprint(), [row])).cells(11);
  const radiusDeg = beamOf(dsa110).fwhmDeg / 2;
  assert.ok(Math.abs(areaDeg2(mocOf({ cells, order })) / (Math.PI * radiusDeg ** 2) - 1) < 0.01);
  const theta = ((90 - decIcrsDeg) * Math.PI) / 180;
  assert.ok(cells.has(ang2pix_nest(order2nside(order), theta, (raIcrsDeg * Math.PI) / 180)));

  const map = await fed(new SpaceTimeCells(), [row]);
  map.flush();
  const cell = (eastDeg: number) => cellAt(order2nside(SPACE_ORDER), raIcrsDeg + eastDeg, decIcrsDeg);
  assert.ok(map.byTime.size > 0);
  for (const seen of map.byTime.values()) {
    assert.ok(seen.has(cell(0)));
    assert.ok(!seen.has(cell(5)) && !seen.has(cell(-5)));
  }
});
