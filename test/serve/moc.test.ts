import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../helpers/cli.js';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { serverOf } from '../helpers/server.js';
import { root, workspace } from '../helpers/workspace.js';

/** Half a day at one declination, three hours of nothing, then half a day at another. */
const observations = Array.from({ length: 280 }, (_, i) => ({
  mjd: 60949 + (i * 309) / 86400 + (i < 140 ? 0 : 0.125),
  decDeg: i < 140 ? 54.57 : 16.24,
}));

type Probe = readonly [mjd: number, raDeg: number, decDeg: number];

/** What a reader written from the standard, with astropy's times, finds covered. */
function covered(kind: string, file: string, probes: readonly Probe[]): number[] {
  const reader = join(root, 'test', 'vo', 'moc.py');
  const input = probes.map((probe) => probe.join(' ')).join('\n');
  const stdio = ['pipe', 'pipe', 'ignore'] as const;
  return JSON.parse(
    execFileSync('/usr/bin/python3', [reader, kind, file], { input, encoding: 'utf8', stdio: [...stdio] }),
  );
}

test(
  'maps of time and of time and space, by API and command, cover what was observed and nothing else',
  needs('astropy', 'healpy'),
  async (t) => {
    const place = workspace(t);
    await storeObservations(place.productsDb, observations);
    const app = await serverOf(t, place);
    const { items } = (
      await app.inject('/api/pointing_history?columns=timestamp,ra_icrs_deg,dec_icrs_deg')
    ).json();
    const pointings: Probe[] = items
      .map((row: Record<string, number>) => Object.values(row))
      .filter((_: unknown, i: number) => i % 7 === 0);
    const sixMonthsOn = pointings.map(([mjd, ra, dec]): Probe => [mjd + 180, ra, dec]);
    const inTheGap: Probe[] = [60949 + (140 * 309) / 86400 + 0.06].map((mjd) => [mjd, 10, 10]);
    const elsewhere = pointings.map(([mjd, ra, dec]): Probe => [mjd, ra, dec > 30 ? dec - 20 : dec + 20]);

    for (const [kind, outside] of [
      ['time', [...sixMonthsOn, ...inTheGap]],
      ['space-time', [...sixMonthsOn, ...elsewhere]],
    ] as const) {
      for (const format of ['fits', 'json']) {
        const answer = await app.inject(`/api/pointing/moc?kind=${kind}&format=${format}`);
        assert.match(String(answer.headers['content-type']), new RegExp(`^application/${format}`));
        const file = join(place.path, `${kind}.${format}`);
        writeFileSync(file, answer.rawPayload);
        assert.deepEqual(
          covered(kind, file, [...pointings, ...outside]),
          [...pointings.map(() => 1), ...outside.map(() => 0)],
          `${kind} ${format}`,
        );
        const printed = join(place.path, `printed.${format}`);
        const { code, stderr } = await cli([
          'coverage',
          place.productsDb,
          '--moc',
          printed,
          '--moc-kind',
          kind,
        ]);
        assert.equal(code, 0, stderr);
        execFileSync('cmp', [file, printed]);
      }
    }
  },
);

test('a map of the sky by API: FITS and JSON have the same cells, of one declination where asked', async (t) => {
  const place = workspace(t);
  await storeObservations(place.productsDb, observations);
  const app = await serverOf(t, place);
  const fits = (await app.inject('/api/pointing/moc')).rawPayload;
  assert.match(fits.toString('latin1', 2880, 5760), /MOCDIM {2}= 'SPACE {3}'/);
  const rows = Number(/NAXIS2 {2}= +(\d+)/.exec(fits.toString('latin1', 2880, 5760))?.[1]);
  const uniq = Array.from({ length: rows }, (_, i) => Number(fits.readBigInt64BE(5760 + 8 * i)));
  const json = async (query: string): Promise<number[]> => {
    const orders = (await app.inject(`/api/pointing/moc?format=json${query}`)).json();
    return Object.entries(orders)
      .flatMap(([order, cells]) => (cells as number[]).map((cell) => 4 ** (Number(order) + 1) + cell))
      .sort((a, b) => a - b);
  };
  const whole = await json('');
  assert.deepEqual(whole, uniq);
  const part = await json('&dec_deg=16.24');
  assert.ok(part.length > 0 && part.length < whole.length);
  const empty = await json('&dec_deg=80');
  assert.deepEqual(empty, []);
  const early = await json('&end_mjd=60949.1');
  assert.ok(early.length > 0 && early.length < whole.length);
  assert.equal(
    (await app.inject('/api/pointing/moc?kind=sky')).json().error.message,
    'kind: must be one of space, time, space-time',
  );
});
