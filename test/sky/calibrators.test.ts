import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allCalibrators, calibratorsAbove, calibratorsNamed } from '#src/sky/calibrators.js';
import { brightSources, sourcesNamed } from '#src/sky/named-sources.js';
import { angularSeparationDeg } from '#src/sky/separation.js';

test('a name, an IAU name and an alias find the same source, whatever their case', () => {
  const found = ['3C286', '1331+305', 'J1331+3030', '3c 286'].map((name) => calibratorsNamed(name));
  for (const sources of found) assert.deepEqual(sources, found[0]);
  const [source] = found[0] ?? [];
  assert.equal(found[0]?.length, 1);
  // VLA calibrator manual: 13h31m08.287984s +30d30'32.958850"
  const raDeg = 15 * (13 + 31 / 60 + 8.287984 / 3600);
  const decDeg = 30 + 30 / 60 + 32.95885 / 3600;
  assert.ok(Math.abs((source?.raIcrsDeg ?? 0) - raDeg) < 1e-7);
  assert.ok(Math.abs((source?.decIcrsDeg ?? 0) - decDeg) < 1e-7);
});

test('a name that stands for two sources gives both, an unknown one none', () => {
  assert.equal(calibratorsNamed('0632+159').length, 2);
  assert.deepEqual(calibratorsNamed('3C0'), []);
});

test('every source of the list is there, with a finite position', () => {
  assert.equal(allCalibrators().length, 1863);
  for (const { name, raIcrsDeg, decIcrsDeg } of allCalibrators()) {
    assert.ok(raIcrsDeg >= 0 && raIcrsDeg < 360 && Math.abs(decIcrsDeg) <= 90, name);
  }
});

test('a flux limit leaves out the weaker sources and those of unknown flux', () => {
  const bright = calibratorsAbove(5);
  assert.ok(bright.length > 10);
  for (const { flux20cmJy } of bright) assert.ok((flux20cmJy ?? 0) >= 5);
  assert.equal(calibratorsAbove(0).length, allCalibrators().length);
});

test('bright sources go by name and alias, and one that is a calibrator too lies in one place', () => {
  const [cas] = brightSources;
  for (const name of ['Cas A', 'casa', ' CAS  A']) assert.deepEqual(sourcesNamed(name), [cas], name);
  assert.deepEqual(sourcesNamed('3c461'), [{ ...cas, name: '3C461' }]);
  assert.deepEqual(sourcesNamed('Cas'), []);
  for (const bright of brightSources) {
    const { raIcrsDeg, decIcrsDeg } = bright;
    for (const other of allCalibrators()) {
      const apartDeg = angularSeparationDeg(raIcrsDeg, decIcrsDeg, other.raIcrsDeg, other.decIcrsDeg);
      if (apartDeg < 0.1 || (bright.altName && bright.altName === other.altName))
        assert.deepEqual([bright.altName, apartDeg], [other.altName, 0]);
    }
  }
});
