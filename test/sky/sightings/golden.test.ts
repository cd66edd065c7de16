import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dsa110 } from '#src/sky/instrument.js';
import { observedSightings } from '#src/sky/sightings/observed.js';
import { regionAround } from '#src/sky/sightings/region.js';
import { SightingSearch } from '#src/sky/sightings/search.js';
import { openReader } from '#src/store/open.js';
import type { HistoryRow } from '#src/store/rows.js';
import { degrees, type MjdUtc, mjdUtc, unixOfMjdUtc } from '#src/units.js';
import { goldenTable } from '../../helpers/golden.js';
import { fillHistory } from '../../helpers/server.js';
import { unknownInstruments } from '../../helpers/sky.js';
import { workspace } from '../../helpers/workspace.js';

interface Query {
  readonly number: string;
  readonly category: string;
  readonly source: {
    name: string;
    raIcrsDeg: ReturnType<typeof degrees>;
    decIcrsDeg: ReturnType<typeof degrees>;
  };
  readonly range: { fromMjdUtc: MjdUtc; toMjdUtc: MjdUtc };
  readonly radiusDeg: number;
  readonly found: Record<string, number>[];
}

const rows: HistoryRow[] = goldenTable('observed-rows.tsv').map(({ mjd, ra_deg, dec_deg }) => ({
  timestamp: mjdUtc(Number(mjd)),
  ra_deg: degrees(Number(ra_deg)),
  dec_deg: degrees(Number(dec_deg)),
}));
const queries = readQueries();

function readQueries(): Query[] {
  const byNumber = new Map<string, Query>();
  for (const line of goldenTable('observed.tsv')) {
    const { query = '', category = '', mjd } = line;
    const value = (name: string) => Number(line[name]);
    const known: Query = byNumber.get(query) ?? {
      number: query,
      category,
      source: {
        name: query,
        raIcrsDeg: degrees(value('ra_icrs_deg')),
        decIcrsDeg: degrees(value('dec_icrs_deg')),
      },
      range: { fromMjdUtc: mjdUtc(value('from_mjd')), toMjdUtc: mjdUtc(value('to_mjd')) },
      radiusDeg: value('radius_deg'),
      found: [],
    };
    byNumber.set(query, known);
    if (mjd) known.found.push(Object.fromEntries(Object.keys(line).map((name) => [name, value(name)])));
  }
  return [...byNumber.values()];
}

const secondsApart = (a: number, b: number | undefined) =>
  Math.abs(unixOfMjdUtc(mjdUtc(a)) - unixOfMjdUtc(mjdUtc(b ?? Number.NaN)));

test('each position: the files, times and responses that astropy finds in all rows', async (t) => {
  const { productsDb } = workspace(t);
  fillHistory(productsDb, rows as never);
  const reader = await openReader(productsDb);
  t.after(() => reader.close());
  assert.equal(queries.length, 200);
  for (const { number, category, source, range, radiusDeg, found } of queries) {
    const sightings = [];
    for await (const page of observedSightings(reader, [source], range, {
      radiusDeg,
      instruments: unknownInstruments,
    }))
      sightings.push(...page);
    const what = `query ${number}, ${category}`;
    const times = (mjds: readonly (number | undefined)[]) => mjds.map((mjd) => mjd?.toFixed(6));
    assert.deepEqual(
      times(sightings.map(({ row }) => row.timestamp)),
      times(found.map(({ mjd }) => mjd)),
      what,
    );
    for (const [i, golden] of found.entries()) {
      const ours = sightings[i];
      assert.ok(ours);
      assert.ok(
        Math.abs(ours.offsetDeg - (golden.offset_deg ?? 0)) < 0.001,
        `${what}: offset ${ours.offsetDeg}`,
      );
      assert.ok(Math.abs(ours.peakResponse - (golden.peak_response ?? 0)) < 0.001, `${what}: peak`);
      assert.ok(Math.abs(ours.meanResponse - (golden.mean_response ?? 0)) < 0.001, `${what}: mean`);
      assert.ok(
        secondsApart(ours.inMjdUtc, golden.in_mjd) < 1,
        `${what}: in ${secondsApart(ours.inMjdUtc, golden.in_mjd)}`,
      );
      assert.ok(secondsApart(ours.outMjdUtc, golden.out_mjd) < 1, `${what}: out`);
      assert.ok(Math.abs(ours.seconds - (golden.seconds ?? 0)) < 1, `${what}: seconds`);
    }
  }
});

test('many positions at once: the same sightings', () => {
  for (const radiusDeg of new Set(queries.map((query) => query.radiusDeg))) {
    const options = { radiusDeg, instrument: dsa110, longestSeconds: dsa110.observationSeconds };
    const some = queries.filter((query) => query.radiusDeg === radiusDeg);
    const search = new SightingSearch(
      some.map(({ source }) => source),
      options,
    );
    const found = new Map<string, number[]>();
    for (const { source, row } of search.in(rows))
      found.set(source.name, [...(found.get(source.name) ?? []), row.timestamp]);
    for (const { number, source, range } of some) {
      const alone = new SightingSearch([source], options).in(rows).map(({ row }) => row.timestamp);
      assert.deepEqual(found.get(source.name) ?? [], alone, `query ${number}`);
      const region = regionAround(source, range, options);
      assert.ok(region.raToDeg >= region.raFromDeg && region.raFromDeg >= 0 && region.raFromDeg < 360);
    }
  }
});
