import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ang2pix_nest, order2nside } from '@hscmap/healpix';
import { beamOf } from '#src/sky/beam.js';
import { Footprint } from '#src/sky/footprint.js';
import { Instruments } from '#src/sky/instruments.js';
import { areaDeg2, mocOf } from '#src/sky/moc/moc.js';
import { goldenTable } from '../helpers/golden.js';
import { madeObservation } from '../helpers/observations.js';
import { fed } from '../helpers/sky.js';
import { root } from '../helpers/workspace.js';

const STEP_DAYS = 309 / 86400;
const RAD_PER_DEG = Math.PI / 180;

test('a month of observations covers the sky that astropy and healpy find, within 1 %', async () => {
  const month = Array.from({ length: 8640 }, (_, i) =>
    madeObservation({
      mjd: 60949 + i * STEP_DAYS,
      decDeg: [54.57, 16.24, 30.4, -3.1][Math.floor(i / 2160)] as number,
    }),
  );
  const seen = (await fed(new Footprint(), month)).cells();
  const golden = readFileSync(join(root, 'test', 'golden', 'moc.tsv'), 'utf8');
  const area = Number(/area_deg2 ([\d.]+)/.exec(golden)?.[1]);
  assert.ok(Math.abs(areaDeg2(mocOf(seen)) / area - 1) < 0.01, `${areaDeg2(mocOf(seen))} is not ${area}`);
  const probes = goldenTable('moc.tsv');
  assert.ok(probes.length > 900);
  for (const { ra_deg, dec_deg, covered } of probes) {
    const theta = (90 - Number(dec_deg)) * RAD_PER_DEG;
    const cell = ang2pix_nest(order2nside(seen.order), theta, Number(ra_deg) * RAD_PER_DEG);
    assert.equal(seen.cells.has(cell), covered === '1', `${ra_deg} ${dec_deg}`);
  }
});

test('one observation covers a beam and its drift', async () => {
  const area = areaDeg2(
    mocOf((await fed(new Footprint(), [madeObservation({ mjd: 60949, decDeg: 60 })])).cells(11)),
  );
  // A disc of the half-power beam, drawn out along 309 s of the parallel.
  const radius = 1.35767;
  const driftDeg = (309.237645312 / 86164.0989) * 360 * Math.cos(60 * RAD_PER_DEG);
  const expected = Math.PI * radius ** 2 + 2 * radius * driftDeg;
  assert.ok(Math.abs(area / expected - 1) < 0.005, `${area} is not ${expected}`);
});

test('a pole in the beam is covered', async () => {
  const { order, cells } = (
    await fed(new Footprint(), [madeObservation({ mjd: 60949, decDeg: 89.5 })])
  ).cells();
  assert.ok(cells.has(ang2pix_nest(order2nside(order), 0, 0)));
});

test('a narrow beam covers its disc and drift, and one narrower than a cell the cells on its way', async (t) => {
  t.mock.method(console, 'assert', (condition: unknown) => assert.ok(condition));
  const area = async (dishDiameterM: number) => {
    const instruments = new Instruments([], { dishDiameterM });
    const row = madeObservation({ mjd: 60949, decDeg: 60 });
    return [beamOf(instruments.unknown).fwhmDeg / 2, await fed(new Footprint(), [row], instruments)] as const;
  };
  const driftDeg = (309.237645312 / 86164.0989) * 360 * Math.cos(60 * RAD_PER_DEG);
  for (const dishM of [60, 100]) {
    const [radius, seen] = await area(dishM);
    const expected = Math.PI * radius ** 2 + 2 * radius * driftDeg;
    assert.ok(Math.abs(areaDeg2(mocOf(seen.cells())) / expected - 1) < 0.1, `${dishM} m`);
  }
  const [, seen] = await area(1000);
  assert.ok(seen.cells().cells.size >= 30);
});

test('the first half year that can be computed is covered', async () => {
  const { cells } = (await fed(new Footprint(), [madeObservation({ mjd: 47_900, decDeg: 30 })])).cells();
  assert.ok(cells.size > 0);
});

test('a beam wider than the library’s discs covers what it sees', async () => {
  const instruments = new Instruments([], { frequencyHz: 34e6 });
  const radiusDeg = beamOf(instruments.unknown).fwhmDeg / 2;
  assert.ok(radiusDeg > 70 && radiusDeg < 90, String(radiusDeg));
  const row = madeObservation({ mjd: 60949, decDeg: 90, seconds: 1 });
  const area = areaDeg2(mocOf((await fed(new Footprint(), [row], instruments)).cells()));
  const cap = (2 * Math.PI * (1 - Math.cos(radiusDeg * RAD_PER_DEG))) / RAD_PER_DEG ** 2;
  assert.ok(Math.abs(area / cap - 1) < 0.05, `${area} is not ${cap}`);
});

test('narrow beams on their way leave no holes', async () => {
  const instruments = new Instruments([], { dishDiameterM: 25, frequencyHz: 22e9 });
  const radiusDeg = beamOf(instruments.unknown).fwhmDeg / 2;
  const row = madeObservation({ mjd: 60949, decDeg: 0 });
  const area = areaDeg2(mocOf((await fed(new Footprint(), [row], instruments)).cells()));
  const swept = 2 * radiusDeg * (309.237645312 / 86164.0989) * 360;
  assert.ok(area > swept * 0.9, `${area} of ${swept}`);
});
