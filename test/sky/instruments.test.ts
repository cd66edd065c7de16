import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Instruments, type Telescope } from '#src/sky/instruments.js';
import type { StoredInstrument } from '#src/store/instruments.js';
import { degrees, mjdUtc } from '#src/units.js';

const METRE_DEG = 1 / 111_195;

/** Seen on day `id`, so many metres north of the first. */
const stored = (id: number, name: string, metresNorth: number): StoredInstrument => ({
  id,
  name,
  site: { latitudeDeg: degrees(20.0004 + metresNorth * METRE_DEG), longitudeDeg: degrees(10), altitudeM: 5 },
  dishM: 6,
  firstMjdUtc: mjdUtc(60000 + id),
  lastMjdUtc: mjdUtc(60000 + id),
  longestSeconds: 100,
  lowestHz: 1e9,
});

const namesOf = (...all: StoredInstrument[]) => new Instruments(all).telescopes.map(({ name }) => name);

test('instruments within 100 m are one telescope, with the name that it had last', () => {
  assert.deepEqual(namesOf(stored(1, 'early', 0), stored(2, 'late', 90)), ['late']);
});

test('telescopes that share a name are told apart by where they stand, however close', () => {
  const names = namesOf(stored(1, 'twin', 0), stored(2, 'twin', 101));
  assert.deepEqual(names, ['twin at 20.0013 10.0000', 'twin at 20.0004 10.0000']);
});

test('no beam is wider than the widest, also of rows whose files do not name a band', () => {
  const instruments = new Instruments([{ ...stored(1, 'dish', 0), lowestHz: 5e9 }]);
  const { widest } = instruments.telescopes[0] as Telescope;
  const row = { timestamp: mjdUtc(60001), ra_deg: degrees(0), dec_deg: degrees(0), instrumentId: 1 };
  assert.ok(widest.frequencyHz <= instruments.of(row).frequencyHz);
});
