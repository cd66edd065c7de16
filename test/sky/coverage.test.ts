import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calendar } from '#src/sky/calendar.js';
import { type CoverageBins, CoverageOfRows, CoverageSum } from '#src/sky/coverage.js';
import { dsa110 } from '#src/sky/instrument.js';
import type { TakenRow } from '#src/sky/instruments.js';
import { SIDEREAL_DEG_PER_SECOND } from '#src/sky/observation-time.js';
import type { HistoryRow } from '#src/store/rows.js';
import { degrees, mjdUtc } from '#src/units.js';
import { fed } from '../helpers/sky.js';

const coverage = async (rows: readonly TakenRow[], bins: CoverageBins) =>
  (await fed(new CoverageSum(bins), rows)).result();

const OBSERVATION_SECONDS = 309.237645312;
/** The sky turns 360 degrees in 86164.0989 s. */
const OBSERVATION_DEG = (OBSERVATION_SECONDS / 86164.0989) * 360;

const row = (mjd: number, raDeg: number, decDeg: number): HistoryRow => ({
  timestamp: mjdUtc(mjd),
  ra_deg: degrees(raDeg),
  dec_deg: degrees(decDeg),
});
const close = (actual: number | undefined, expected: number, tolerance = 1e-6) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < tolerance, `${actual} is not ${expected}`);
const sum = (numbers: readonly number[] = []) => numbers.reduce((a, b) => a + b, 0);

test('an observation lasts 309 s, or until the next one where that is sooner', async () => {
  const rows = [row(60000, 10, 54.57), row(60000 + 100 / 86400, 10.4, 54.57), row(60001, 10, 16.2)];
  const { bands } = await coverage(rows, { decBinDeg: 1, raBinDeg: 15 });
  assert.deepEqual(
    bands.map(({ decMinDeg, decMaxDeg }) => [decMinDeg, decMaxDeg]),
    [
      [16, 17],
      [54, 55],
    ],
  );
  close(bands[0]?.seconds, OBSERVATION_SECONDS);
  close(bands[1]?.seconds, 100 + OBSERVATION_SECONDS, 1e-4);
});

test('the time of a band is all in its right ascension bins, spread as the sky drifts past', async () => {
  const { bands } = await coverage([row(60000, 15.2, -3.1)], { decBinDeg: 1, raBinDeg: 15 });
  const [band] = bands;
  assert.equal(band?.decMinDeg, -4);
  close(sum(band?.raBinSeconds), OBSERVATION_SECONDS);
  const beforeDeg = OBSERVATION_DEG / 2 - 0.2;
  close(band?.raBinSeconds[0], (beforeDeg / OBSERVATION_DEG) * OBSERVATION_SECONDS, 1e-4);
});

test('right ascension wraps at 360 degrees, also where the bins do not divide it', async () => {
  const { bands } = await coverage([row(60000, 0.1, 20)], { decBinDeg: 0.5, raBinDeg: 7 });
  const bins = bands[0]?.raBinSeconds ?? [];
  assert.equal(bins.length, 52);
  close(sum(bins), OBSERVATION_SECONDS);
  close(bins[51], ((OBSERVATION_DEG / 2 - 0.1) / OBSERVATION_DEG) * OBSERVATION_SECONDS, 1e-4);
  assert.ok((bins[0] ?? 0) > 0);
});

test('the bands at the poles hold them and end there', async () => {
  const rows = [row(60000, 10, -90), row(60001, 10, 89.99), row(60002, 10, 90)];
  for (const [decBinDeg, south, north] of [
    [1, -89, 89],
    [7, -84, 84],
    [180, 0, 0],
  ] as const) {
    const { bands } = await coverage(rows, { decBinDeg, raBinDeg: 15 });
    assert.deepEqual(
      bands.map(({ decMinDeg, decMaxDeg }) => [decMinDeg, decMaxDeg]),
      [
        [-90, south],
        [north, 90],
      ],
    );
    close(bands[1]?.seconds, 2 * OBSERVATION_SECONDS, 1e-3);
  }
});

test('rows that other programs left without a position count for nothing', async () => {
  const empty = { timestamp: mjdUtc(60000.001), ra_deg: null, dec_deg: null } as unknown as HistoryRow;
  const { bands } = await coverage([row(60000, 10, 20), empty], { decBinDeg: 1, raBinDeg: 15 });
  assert.equal(bands.length, 1);
  close(bands[0]?.seconds, OBSERVATION_SECONDS);
});

/** 24 integrations, then 4 directly after them; RA as the sky drifts. */
const aLongAndAShort = [
  { ...row(60000, 15, 54.57), durationSeconds: 309.24 },
  { ...row(60000 + 180.39 / 86400, 15 + (180.39 / 86164.0989) * 360, 54.57), durationSeconds: 51.54 },
];

test('a long observation before a shorter one counts whole, where it was', async () => {
  const bins = { decBinDeg: 1, raBinDeg: 1 };
  const ofRows = new CoverageOfRows(bins);
  for (const { timestamp, ra_deg, dec_deg, durationSeconds } of aLongAndAShort)
    ofRows.add(timestamp, ra_deg, dec_deg, durationSeconds, SIDEREAL_DEG_PER_SECOND);
  for (const { bands } of [await coverage(aLongAndAShort, bins), ofRows.finish()]) {
    close(bands[0]?.seconds, 360.78, 1e-3);
    // From 154.62 s before RA 15 degrees to 206.16 s after it.
    close(bands[0]?.raBinSeconds[14], 154.62, 1e-3);
    close(bands[0]?.raBinSeconds[15], 206.16, 1e-3);
  }
  const calendar = new Calendar('utc');
  for (const { timestamp, dec_deg, durationSeconds } of aLongAndAShort)
    calendar.add(timestamp, dec_deg, durationSeconds, dsa110);
  close(sum(calendar.finish().map(({ seconds }) => seconds)), 360.78, 1e-3);
});

test('of observations that overlap, the first counts up to the start of the second', async () => {
  const [long, short] = aLongAndAShort as [TakenRow, TakenRow];
  const sooner = { ...short, timestamp: mjdUtc(60000 + 100 / 86400) };
  const { bands } = await coverage([long, sooner], { decBinDeg: 1, raBinDeg: 15 });
  close(bands[0]?.seconds, 154.62 + 100 + 51.54 / 2, 1e-3);
});
