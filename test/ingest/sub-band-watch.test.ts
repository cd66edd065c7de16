import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SubBandWatch } from '#src/ingest/sub-band-watch.js';

const PATTERN = '*_sb00.hdf5';
const name = (stamp: string, subBand: string) => `/data/incoming/2025-10-04T${stamp}_sb${subBand}.hdf5`;

/** Until when observations are waited for. */
const DUE_SECONDS = 927;

/** With a clock that goes on by itself for nobody. */
function subBandWatch() {
  let seconds = 0;
  const watch = new SubBandWatch(PATTERN, () => seconds);
  const wait = (forSeconds: number) => {
    seconds += forSeconds;
  };
  return { watch, wait };
}

test('an observation of which only other sub-bands arrive is named once it is overdue', () => {
  const { watch, wait } = subBandWatch();
  for (const subBand of ['01', '07', '15']) watch.see(name('15:12:13', subBand));
  wait(DUE_SECONDS);
  assert.equal(watch.issue(), undefined);
  wait(1);
  const issue = watch.issue();
  assert.equal(issue?.code, 'sub_band_missing');
  assert.match(
    issue?.message ?? '',
    /^1 observation has other sub-bands.*: \/data\/incoming\/2025-10-04T15:12:13; check the transfer/,
  );
  watch.see(name('15:12:13', '00'));
  assert.equal(watch.issue(), undefined);
});

test('names of an observation that differ by their hosts’ clocks are of one', () => {
  const { watch, wait } = subBandWatch();
  watch.see(name('15:12:13', '00'));
  watch.see(name('15:12:14', '01'));
  watch.see(name('15:17:59', '01'));
  watch.see(name('15:18:00', '02'));
  assert.equal(watch.waits, true);
  wait(DUE_SECONDS + 1);
  assert.match(watch.issue()?.message ?? '', /^1 observation has .*2025-10-04T15:17:59;/);
  watch.see(name('15:18:01', '00'));
  assert.equal(watch.waits, false);
  assert.equal(watch.issue(), undefined);
});

test('an observation that is complete, or has no stamp, is not waited for', () => {
  const { watch, wait } = subBandWatch();
  watch.see(name('15:17:22', '00'));
  watch.see(name('15:17:22', '03'));
  watch.see('/data/incoming/notes_sb03.hdf5');
  wait(DUE_SECONDS + 1);
  assert.equal(watch.issue(), undefined);
});
