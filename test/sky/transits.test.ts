import assert from 'node:assert/strict';
import { test } from 'node:test';
import { astrometry } from '#src/native/astrometry.js';
import { calibratorsAbove } from '#src/sky/calibrators.js';
import { dsa110 as telescope } from '#src/sky/instrument.js';
import { angularSeparationDeg } from '#src/sky/separation.js';
import { dsa110 } from '#src/sky/site.js';
import { transitsNear, transitsOf, transitsOfAll } from '#src/sky/transits.js';
import { degrees, mjdUtc } from '#src/units.js';
import { goldenTable } from '../helpers/golden.js';

const rows = goldenTable('transits.tsv').map((cells) => {
  const number = (column: string) => Number(cells[column]);
  return {
    source: {
      name: cells.name as string,
      raIcrsDeg: degrees(number('ra_icrs_deg')),
      decIcrsDeg: degrees(number('dec_icrs_deg')),
    },
    from: mjdUtc(number('from_mjd')),
    number,
  };
});
const ARCSEC = 1 / 3600;
const SECOND = 1 / 86400;

test('astropy: 100 calibrators at 10 dates', () => assert.equal(rows.length, 1000));

test('the first transit after each date agrees with astropy within 0.1 s, its elevation within 0.1 arcsec', () => {
  let worstDays = 0;
  for (const { source, from, number } of rows) {
    const [first] = transitsOf(source, from, mjdUtc(from + 1));
    assert.ok(first, source.name);
    worstDays = Math.max(worstDays, Math.abs(first.mjdUtc - number('transit_mjd')));
    assert.ok(Math.abs(first.elevationDeg - number('transit_elevation_deg')) < 0.1 * ARCSEC, source.name);
  }
  assert.ok(worstDays < 0.1 * SECOND, `${worstDays / SECOND} s`);
});

test('at a transit, sidereal time is the apparent right ascension', () => {
  for (const { source, from } of rows.slice(0, 100)) {
    for (const transit of transitsOf(source, from, mjdUtc(from + 3))) {
      const place = astrometry().apparentPlaceOfIcrs(
        source.raIcrsDeg,
        source.decIcrsDeg,
        transit.mjdUtc,
        dsa110,
      );
      const differenceDeg = ((transit.lstDeg - place.raDeg + 540) % 360) - 180;
      assert.ok(Math.abs(differenceDeg) < 0.1 * ARCSEC, source.name);
      assert.ok(Math.abs(transit.decDeg - place.decDeg) < 0.001 * ARCSEC, source.name);
    }
  }
});

test('separations from the beam agree with astropy within 0.1 arcsec', () => {
  for (const { source, from, number } of rows) {
    const beam = astrometry().icrsOfApparentSeries(
      Float64Array.of(0),
      Float64Array.of(number('beam_dec_deg')),
      Float64Array.of(from),
      dsa110,
    );
    const beamRaDeg = degrees(beam.raIcrsDeg[0] as number);
    const beamDecDeg = degrees(beam.decIcrsDeg[0] as number);
    const separation = angularSeparationDeg(source.raIcrsDeg, source.decIcrsDeg, beamRaDeg, beamDecDeg);
    assert.ok(Math.abs(separation - number('separation_deg')) < 0.1 * ARCSEC, source.name);
  }
});

test('apparent places agree with astropy within 0.1 arcsec on the sky', () => {
  for (const { source, from, number } of rows) {
    const place = astrometry().apparentPlaceOfIcrs(source.raIcrsDeg, source.decIcrsDeg, from, dsa110);
    const off = angularSeparationDeg(
      place.haDeg,
      place.decDeg,
      degrees(number('ha_deg')),
      degrees(number('dec_deg')),
    );
    assert.ok(off < 0.1 * ARCSEC, source.name);
  }
});

test('of many sources over many years: every transit of each, once', () => {
  const sources = calibratorsAbove(40);
  const [from, to] = [mjdUtc(58_000), mjdUtc(60_500.3)];
  const all = transitsOfAll(sources, from, to);
  assert.ok(all.every(({ mjdUtc: time }, i) => i === 0 || time >= (all[i - 1]?.mjdUtc ?? 0)));
  for (const source of sources) {
    const expected = transitsOf(source, from, to).map(({ mjdUtc: time }) => time);
    const found = all.filter((each) => each.source === source).map(({ mjdUtc: time }) => time);
    assert.equal(found.length, expected.length);
    for (const [i, time] of expected.entries()) assert.ok(Math.abs(time - (found[i] ?? 0)) < 1e-3 / 86400);
  }
});

test('a telescope off the meridian is passed later by its hour angle', () => {
  const decDeg = degrees(54.57);
  const range = { fromMjdUtc: mjdUtc(60_952), toMjdUtc: mjdUtc(60_954) };
  const instrument = { ...telescope, site: dsa110 };
  const onMeridian = transitsNear({ haDeg: degrees(0), decDeg }, instrument, range, 1);
  for (const haDeg of [15, -30]) {
    const passes = transitsNear({ haDeg: degrees(haDeg), decDeg }, instrument, range, 1);
    assert.ok(passes.length > 4);
    for (const { source, mjdUtc: time, elevationDeg } of passes) {
      const place = astrometry().apparentPlaceOfIcrs(source.raIcrsDeg, source.decIcrsDeg, time, dsa110);
      assert.ok(Math.abs(place.haDeg - haDeg) < 0.001, `${source.name} ${place.haDeg}`);
      assert.equal(elevationDeg, place.elevationDeg);
      assert.ok(time >= range.fromMjdUtc && time <= range.toMjdUtc);
    }
  }
  assert.ok(onMeridian.every(({ elevationDeg }) => elevationDeg > 70));
});

test('off the meridian, a range that reaches to the first or last computable date is no error', () => {
  const decDeg = degrees(54.57);
  const instrument = { ...telescope, site: dsa110 };
  for (const [from, to] of [
    [47_892, 47_894],
    [88_432, 88_433.999],
  ] as const) {
    for (const haDeg of [11, -11]) {
      const range = { fromMjdUtc: mjdUtc(from), toMjdUtc: mjdUtc(to) };
      const passes = transitsNear({ haDeg: degrees(haDeg), decDeg }, instrument, range, 1);
      assert.ok(passes.length > 0);
      assert.ok(passes.every(({ mjdUtc: time }) => time >= from && time <= to));
    }
    const outside = { fromMjdUtc: mjdUtc(from - 100), toMjdUtc: mjdUtc(to + 100) };
    assert.throws(() => transitsNear({ haDeg: degrees(11), decDeg }, instrument, outside, 1), RangeError);
  }
});
