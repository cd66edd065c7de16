import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibratorsNamed, degrees, mjdUtc, transits, UsageError } from 'pointing-monitor';
import { goldenTable } from '../helpers/golden.js';

const SECOND = 1 / 86400;
const ARCSEC = 1 / 3600;
const day = (mjd: number) => ({ fromMjdUtc: mjdUtc(mjd), toMjdUtc: mjdUtc(mjd + 1) });

test('by position and by name, when and how high astropy says', () => {
  for (const row of goldenTable('transits.tsv')) {
    const name = row.name as string;
    const source = {
      name,
      raIcrsDeg: degrees(Number(row.ra_icrs_deg)),
      decIcrsDeg: degrees(Number(row.dec_icrs_deg)),
    };
    const range = day(Number(row.from_mjd));
    const [found] = transits(source, range);
    assert.ok(found, name);
    assert.ok(Math.abs(found.mjdUtc - Number(row.transit_mjd)) < 0.1 * SECOND, name);
    assert.ok(Math.abs(found.elevationDeg - Number(row.transit_elevation_deg)) < 0.1 * ARCSEC, name);
    if (calibratorsNamed(name).length !== 1) continue;
    const [named] = transits(name, range);
    assert.ok(Math.abs((named?.mjdUtc ?? 0) - found.mjdUtc) < 0.001 * SECOND, name);
  }
});

test('a calibrator keeps what the list says of it', () => {
  const [first] = transits('3c 286', day(60952));
  assert.equal(first?.source.jName, 'J1331+3030');
  assert.ok((first?.source.flux20cmJy ?? 0) > 10);
});

test('a bright source that is no calibrator goes by name, at its listed position', () => {
  const [named] = transits('cas a', day(60952));
  assert.equal(named?.source.name, 'Cas A');
  const [same] = transits({ name: '', raIcrsDeg: degrees(350.85), decIcrsDeg: degrees(58.815) }, day(60952));
  assert.equal(named?.mjdUtc, same?.mjdUtc);
});

test('a name of none or of two is a UsageError, what is no time or direction a RangeError', () => {
  assert.throws(() => transits('3C0', day(60952)), UsageError);
  assert.throws(() => transits('0632+159', day(60952)), UsageError);
  const backwards = { fromMjdUtc: mjdUtc(60953), toMjdUtc: mjdUtc(60952) };
  const nowhere = { name: 'nowhere', raIcrsDeg: degrees(10), decIcrsDeg: degrees(91) };
  assert.throws(() => transits('3C286', backwards), RangeError);
  assert.throws(() => transits('3C286', day(40000)), RangeError);
  assert.throws(() => transits('3C286', day(Number.NaN)), RangeError);
  assert.throws(() => transits(nowhere, day(60952)), RangeError);
});
