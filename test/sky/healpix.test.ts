import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ang2vec, order2nside, pix2vec_nest } from '@hscmap/healpix';
import { cellAt, cellOf } from '#src/sky/healpix.js';
import { RAD_PER_DEG } from '#src/units.js';

test('every direction lies in its cell, on the edges of facets too', () => {
  for (const order of [0, 6, 12])
    for (let decDeg = -90; decDeg <= 90; decDeg += 7.5)
      for (let raDeg = -90; raDeg <= 450; raDeg += 7.5)
        for (const aside of [0, 1e-13, -1e-13]) {
          const nside = order2nside(order);
          const here = ang2vec((90 - decDeg) * RAD_PER_DEG, (raDeg + aside) * RAD_PER_DEG);
          for (const cell of [cellAt(nside, raDeg + aside, decDeg), cellOf(nside, here)]) {
            const centre = pix2vec_nest(nside, cell);
            const apart = Math.hypot(...here.map((value, i) => value - (centre[i] as number)));
            assert.ok(apart < 1.1 / nside, `order ${order}, RA ${raDeg}, Dec ${decDeg}: ${apart}`);
          }
        }
});
