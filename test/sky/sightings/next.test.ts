import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInstruments } from '#src/sky/instruments.js';
import { MAX_SILENT_DAYS, observedOf } from '#src/sky/sightings/observed.js';
import { openReader } from '#src/store/open.js';
import { ALWAYS, degrees, mjdUtc } from '#src/units.js';
import { byDsa110 } from '../../helpers/observations.js';
import { byHera, type Pointed, storePointings } from '../../helpers/two-telescopes.js';
import { workspace } from '../../helpers/workspace.js';

const MJD = 60_000;
/** The DSA-110 never sees what HERA does. */
const dsa110: Pointed = { by: byDsa110, mjd: MJD, decDeg: 60 };
const heraBefore = (days: number): Pointed => ({ by: byHera, mjd: MJD - days, decDeg: -30 });
const source = { name: 'south', raIcrsDeg: degrees(10), decIcrsDeg: degrees(-30) };

for (const { what, pointed, by } of [
  { what: 'a telescope that observes', pointed: [dsa110, heraBefore(MAX_SILENT_DAYS - 1)], by: 'HERA' },
  {
    what: 'no telescope that has stopped',
    pointed: [dsa110, heraBefore(MAX_SILENT_DAYS + 1)],
    by: undefined,
  },
  { what: 'the only telescope, however old its history', pointed: [heraBefore(2000)], by: 'HERA' },
])
  test(`the next pass is by ${what}`, async (t) => {
    const place = workspace(t);
    await storePointings(place, pointed);
    const reader = await openReader(place.productsDb);
    t.after(() => reader.close());
    const instruments = await readInstruments(reader, {});
    const options = { instruments, radiusDeg: degrees(5) };
    const { position } = await observedOf(reader, source, ALWAYS, mjdUtc(MJD + 1), options);
    assert.equal(position.next?.instrument, by);
  });
