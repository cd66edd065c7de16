import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoverageSum } from '#src/sky/coverage.js';
import { DwellList } from '#src/sky/dwells.js';
import { coverageFigure } from '#src/sky/figure/coverage-figure.js';
import { ticks } from '#src/sky/figure/scale.js';
import { GapFinder } from '#src/sky/gaps.js';
import type { TakenRow } from '#src/sky/instruments.js';
import { degrees } from '#src/units.js';
import { madeObservation } from '../helpers/observations.js';
import { fed, unknownInstruments } from '../helpers/sky.js';

const rows = [0, 1, 2, 30].map((hours) =>
  madeObservation({ mjd: 60949 + hours / 24, decDeg: hours < 2 ? 54.57 : -3.1 }),
);
function gapsOf(observations: typeof rows) {
  const finder = new GapFinder(300);
  for (const row of observations) finder.add(row.timestamp, unknownInstruments.secondsOf(row));
  return finder.finish();
}
const figureOf = async (observations: typeof rows, title = 'a & b <c>') =>
  coverageFigure({
    coverage: (await fed(new CoverageSum({ decBinDeg: 1, raBinDeg: 15 }), observations)).result(),
    dwells: (await fed(new DwellList(), observations)).result(),
    gaps: gapsOf(observations),
    title,
  });

test('the figure has a cell for each direction observed, a bar for each stay and a shadow for each gap', async () => {
  const figure = await figureOf(rows);
  assert.equal(figure.match(/<title>RA /g)?.length, 4);
  assert.equal(figure.match(/<title>declination /g)?.length, 2);
  assert.equal(figure.match(/<title>nothing observed for 27\.9 h from 2025-10-01T02:02:35Z/g)?.length, 1);
  assert.ok(figure.includes('a &amp; b &lt;c&gt;'));
});

test('no number of it is out of hand, whatever it shows', async () => {
  for (const observations of [[], rows.slice(0, 1), rows, [madeObservation({ mjd: 60949, decDeg: 89.9 })]]) {
    const figure = await figureOf(observations);
    assert.doesNotMatch(figure, /NaN|Infinity|undefined/);
    for (const [, value] of figure.matchAll(/ (?:x|y|width|height)="([^"]*)"/g)) {
      assert.ok(Number(value) >= 0 && Number(value) <= 1000, value);
    }
  }
});

test('ticks are round and within the range', () => {
  assert.deepEqual(ticks(-6, 57, 8), [0, 10, 20, 30, 40, 50]);
  assert.deepEqual(
    ticks(60949.2, 60951, 8, [0.25, 0.5]),
    [60949.25, 60949.5, 60949.75, 60950, 60950.25, 60950.5, 60950.75, 60951],
  );
});

test('cells lie where they were observed, also where bins do not divide the circle', async () => {
  const [at] = rows;
  const observed = [{ ...(at as TakenRow), ra_deg: degrees(355) }];
  const coverage = (await fed(new CoverageSum({ decBinDeg: 1, raBinDeg: 50 }), observed)).result();
  const figure = coverageFigure({ coverage, dwells: [], gaps: [], title: 'one' });
  assert.deepEqual(figure.match(/RA \d+ to \d+ deg/g), ['RA 350 to 360 deg']);
});
