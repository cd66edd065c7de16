import assert from 'node:assert/strict';
import { test } from 'node:test';
import { order2nside } from '@hscmap/healpix';
import { cellAt } from '#src/sky/healpix.js';
import { icrsOfColumns } from '#src/sky/icrs.js';
import { Instruments, type TakenRow } from '#src/sky/instruments.js';
import { SPACE_ORDER, SpaceTimeCells } from '#src/sky/moc/space-time.js';
import { dsa110 } from '#src/sky/site.js';
import { degrees, mjdUtc } from '#src/units.js';
import { fed } from '../../helpers/sky.js';

const cellHere = (raDeg: number, decDeg: number) => cellAt(order2nside(SPACE_ORDER), raDeg, decDeg);

/** What an observation at this apparent place saw, and the ICRS place of its middle. */
async function seenFrom(raDeg: number, decDeg: number, durationSeconds: number) {
  const row = {
    timestamp: mjdUtc(60_952),
    ra_deg: degrees(raDeg),
    dec_deg: degrees(decDeg),
    durationSeconds,
  };
  const cells = await fed(new SpaceTimeCells(), [row]);
  cells.flush();
  const place = icrsOfColumns(
    Float64Array.of(row.timestamp),
    Float64Array.of(raDeg),
    Float64Array.of(decDeg),
    dsa110,
  );
  return {
    cells: new Set([...cells.byTime.values()].flatMap((each) => [...each])),
    raIcrsDeg: place.raIcrsDeg[0] as number,
    decIcrsDeg: place.decIcrsDeg[0] as number,
  };
}

test('a beam that drifts across 0 h covers both sides of it, and no pole', async () => {
  const { cells, raIcrsDeg, decIcrsDeg } = await seenFrom(0.63, 54.57, 309.24);
  assert.ok(raIcrsDeg > 0 && raIcrsDeg < 0.6, `${raIcrsDeg}`);
  for (const raDeg of [359.7, 0, raIcrsDeg + 0.6])
    assert.ok(cells.has(cellHere(raDeg, decIcrsDeg)), `${raDeg}`);
  assert.ok(!cells.has(cellHere(0, 90)));
});

test('the sky of an hour is covered without holes', async () => {
  const { cells, raIcrsDeg, decIcrsDeg } = await seenFrom(180, 0, 3600);
  for (let asideDeg = -8.5; asideDeg <= 8.5; asideDeg += 0.5)
    assert.ok(cells.has(cellHere(raIcrsDeg + asideDeg, decIcrsDeg)), `${asideDeg}`);
});

test('half a day in one file is, but for edges, what it is in 140: each time has only the sky of that time', async () => {
  const FILES = 140;
  const seconds = 43_200 / FILES;
  const turnedDeg = (seconds / 86164.0989) * 360;
  const file = (since: number, durationSeconds: number): TakenRow => ({
    timestamp: mjdUtc(60_952 + (since * seconds) / 86_400),
    ra_deg: degrees((200 + since * turnedDeg) % 360),
    dec_deg: degrees(40),
    durationSeconds,
  });
  const short = Array.from({ length: FILES }, (_, i) => file(i + 0.5, seconds));
  const [one, many] = await Promise.all(
    [[file(FILES / 2, 43_200)], short].map(async (rows) => {
      const map = await fed(new SpaceTimeCells(), rows);
      map.flush();
      return new Set([...map.byTime].flatMap(([time, cells]) => [...cells].map((cell) => `${time} ${cell}`)));
    }),
  );
  assert.ok(one && many);
  const differ =
    [...one].filter((pair) => !many.has(pair)).length + [...many].filter((pair) => !one.has(pair)).length;
  assert.ok(differ < 0.1 * many.size, `${differ} of ${one.size} and ${many.size} pairs differ`);
});

test('a beam of half the sky is one of half the sky', async () => {
  const instruments = new Instruments([], { dishDiameterM: 0.1 });
  const row = { timestamp: mjdUtc(60_952), ra_deg: degrees(10), dec_deg: degrees(20), durationSeconds: 10 };
  const cells = await fed(new SpaceTimeCells(), [row], instruments);
  cells.flush();
  const seen = new Set([...cells.byTime.values()].flatMap((each) => [...each]));
  assert.ok(seen.size > 0.5 * 12 * order2nside(SPACE_ORDER) ** 2);
});
