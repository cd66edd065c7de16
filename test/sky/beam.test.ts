import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beamOf } from '#src/sky/beam.js';
import { dsa110 } from '#src/sky/instrument.js';

const beam = beamOf(dsa110);

/** (2 J1(x) / x)^2, x = pi 4.65 m sin(theta) 1.4 GHz / c, with J1 by scipy 1.10.1. */
const scipy: [number, number][] = [
  [0.3, 0.968523515257581],
  [0.7, 0.8384131462108632],
  [1.0, 0.6938409303456394],
  [1.3576, 0.5000237831574265],
  [2.0, 0.19392877083114418],
  [3.2154, 1.232063021200246e-6],
  [4.0, 0.014944876876805615],
];

test('the beam is that of a uniformly lit dish', () => {
  for (const [deg, response] of scipy) {
    assert.ok(Math.abs(beam.response(deg) - response) < 1e-6, `${deg}: ${beam.response(deg)}`);
  }
  assert.equal(beam.response(0), 1);
});

test('half the power at half the width', () => {
  assert.ok(Math.abs(beam.response(beam.fwhmDeg / 2) - 0.5) < 1e-6);
});

test('nothing comes from behind', () => assert.equal(beam.response(180), 0));
