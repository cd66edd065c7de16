import assert from 'node:assert/strict';
import { test } from 'node:test';
import { icrsOfColumns } from '#src/sky/icrs.js';
import { cli } from '../helpers/cli.js';
import { serverOf } from '../helpers/server.js';
import { byHera, storePointings } from '../helpers/two-telescopes.js';
import { workspace } from '../helpers/workspace.js';

const MJD = 60_952;
const RA_DEG = 202.78;
const DEC_DEG = -30.5;
const SECONDS = 7200;

/** One file of two hours, of a telescope that followed its phase centre, and one of the same length on the next day, which did not. */
const files = [
  { mjd: MJD, kind: 'sidereal' },
  { mjd: MJD + 1, kind: 'zenith' },
] as const;

test('two hours on one direction are two hours of it, by API and by command', async (t) => {
  const space = workspace(t);
  await storePointings(
    space,
    files.map((file) => ({ by: byHera, raDeg: RA_DEG, decDeg: DEC_DEG, durationSeconds: SECONDS, ...file })),
  );
  const app = await serverOf(t, space);
  const get = async (url: string) => (await app.inject(url)).json();
  const icrs = icrsOfColumns(
    Float64Array.of(MJD),
    Float64Array.of(RA_DEG),
    Float64Array.of(DEC_DEG),
    byHera.instrument.site,
  );
  const raDeg = icrs.raIcrsDeg[0] as number;
  const decDeg = icrs.decIcrsDeg[0] as number;

  const secondsSeen = async (eastDeg: number) => {
    const { items } = await get(`/api/pointing/observed?ra=${raDeg + eastDeg}&dec=${decDeg}`);
    return items.map(({ timestamp, seconds }: Record<'timestamp' | 'seconds', number>) => [
      timestamp,
      seconds === SECONDS,
    ]);
  };
  assert.deepEqual(await secondsSeen(0), [
    [MJD, true],
    [MJD + 1, false],
  ]);
  assert.deepEqual(await secondsSeen(12.2), [[MJD + 1, false]]);

  const { bands } = await get(`/api/pointing/coverage?ra_bin_deg=1&dec_bin_deg=1&end_mjd=${MJD}`);
  const seconds: readonly number[] = bands[0].ra_bin_seconds;
  assert.deepEqual(
    seconds.flatMap((each, bin) => (each > 0 ? [[bin, each]] : [])),
    [[202, SECONDS]],
  );

  const lines = async (...args: string[]) =>
    (await cli(args)).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const [band] = await lines('coverage', space.productsDb, '--json', '--to', `${MJD}.5`, '--ra-bin-deg', '1');
  assert.equal(band.ra_bin_seconds[202], SECONDS);
  const plan = await lines('history', space.productsDb, '--obsplan', '--json');
  assert.deepEqual(
    plan.map(({ tracking_type }) => tracking_type),
    ['Sidereal', 'Fixed-az-el-transit'],
  );
});
