import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed, fixed360, wrap180, wrap360 } from '#src/units.js';

test('an angle a hair below 0 or a turn is never 360 degrees', () => {
  for (const angle of [-1e-17, -1e-14, 360 - 1e-17, -360 - 1e-14, 720]) {
    assert.ok(wrap360(angle) >= 0 && wrap360(angle) < 360, `${angle}: ${wrap360(angle)}`);
    assert.ok(wrap180(angle) >= -180 && wrap180(angle) < 180, `${angle}: ${wrap180(angle)}`);
  }
  assert.deepEqual([wrap360(-90), wrap360(725), wrap180(190), wrap180(-190)], [270, 5, -170, 170]);
});

test('angles are rounded before they are wrapped, and no zero is negative', () => {
  for (const angle of [359.99999, 360, 0, -0.00001, -0, 720])
    assert.equal(fixed360(angle, 4), '0.0000', `${angle}`);
  assert.deepEqual([fixed360(359.9999, 4), fixed360(-10, 2), fixed360(9.5)], ['359.9999', '350.00', '10']);
  assert.deepEqual(
    [fixed(-0.00001, 4), fixed(-0.4), fixed(-0.5, 1), fixed(-10)],
    ['0.0000', '0', '-0.5', '-10'],
  );
});
