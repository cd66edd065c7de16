import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Frame, SkyProjection, vectorOf } from '#web/map/projection.js';
import { random } from '../helpers/random.js';

const FRAME: Frame = { width: 1740, height: 750, margin: 34, above: 1, below: 0.8, fontPx: 11 };

/** The whole sky, between the two projections, and a part of the sky. */
for (const [fieldDeg, decDeg] of [
  [360, 0],
  [310, 12],
  [200, 40],
  [60, -75],
] as const)
  test(`places at a field of ${fieldDeg} degrees are those of d3, and lead back to the sky`, () => {
    const raDeg = 200;
    const projection = new SkyProjection({ raDeg, decDeg, fieldDeg }, FRAME);
    const next = random(fieldDeg);
    const place = new Float32Array(2);
    const directions = [
      ...Array.from({ length: 500 }, () => [next() * 360, next() * 180 - 90] as const),
      // Along the meridians of the centre and of the edge.
      ...Array.from({ length: 35 }, (_, i) => [raDeg, i * 5 - 85] as const),
      ...Array.from({ length: 35 }, (_, i) => [raDeg + 180 - 1e-6, i * 5 - 85] as const),
    ];
    let inSight = 0;
    for (const [ra, dec] of directions) {
      projection.project(...vectorOf(ra, dec), place, 0);
      const [x, y] = place as unknown as [number, number];
      if (Number.isNaN(x)) continue;
      const [expectedX, expectedY] = projection.geo([ra, dec]) as [number, number];
      assert.ok(Math.hypot(x - expectedX, y - expectedY) < 0.01, `${ra}, ${dec}: ${x}, ${y}`);
      if (!projection.isSky({ x, y })) continue;
      inSight++;
      const sky = projection.skyAt({ x, y });
      assert.ok(sky && Math.abs(sky.decDeg - dec) < 0.01, `${ra}, ${dec}: ${JSON.stringify(sky)}`);
    }
    assert.ok(inSight > 15, `${inSight}`);
  });

test('the sky ends at the ellipse and where it is cropped', () => {
  const projection = new SkyProjection({ raDeg: 0, decDeg: 0, fieldDeg: 360 }, FRAME);
  const { centre, scale, top, bottom } = projection;
  const [halfWidth, halfHeight] = [scale * 2 * Math.SQRT2, scale * Math.SQRT2];
  for (let angle = 0; angle < 360; angle += 5) {
    const [dx, dy] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const at = (part: number) => ({
      x: centre.x + dx * halfWidth * part,
      y: centre.y + dy * halfHeight * part,
    });
    const isCropped = at(0.999).y < top || at(0.999).y > bottom;
    assert.equal(projection.isSky(at(0.999)), !isCropped, `${angle}`);
    assert.equal(projection.isSky(at(1.001)), false, `${angle}`);
  }
});
