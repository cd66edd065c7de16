import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrap180, wrap360 } from '#src/units.js';

test('an angle a hair below 0 or a turn is never 360 degrees', () => {
  for (const angle of [-1e-17, -1e-14, 360 - 1e-17, -360 - 1e-14, 720]) {
    assert.ok(wrap360(angle) >= 0 && wrap360(angle) < 360, `${angle}: ${wrap360(angle)}`);
    assert.ok(wrap180(angle) >= -180 && wrap180(angle) < 180, `${angle}: ${wrap180(angle)}`);
  }
  assert.deepEqual([wrap360(-90), wrap360(725), wrap180(190), wrap180(-190)], [270, 5, -170, 170]);
});
