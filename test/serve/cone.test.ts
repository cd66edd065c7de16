import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { needs } from '../helpers/needs.js';
import { storeObservations } from '../helpers/observations.js';
import { Server, serverOf } from '../helpers/server.js';
import { votlint } from '../helpers/votlint.js';
import { root, workspace } from '../helpers/workspace.js';

const run = promisify(execFile);
/** 3C286 crosses the meridian then, at apparent declination 30.378 (astropy). */
const TRANSIT_MJD = 60952.854388555;
const STEP_DAYS = 309 / 86400;
const POSITION = { ra: 202.7845, dec: 30.5092 };
const QUERY = `RA=${POSITION.ra}&DEC=${POSITION.dec}`;

/** 21 observations around a transit of 3C286, and as many at another declination. */
async function observing(t: TestContext) {
  const place = workspace(t);
  const pass = Array.from({ length: 21 }, (_, i) => ({
    mjd: TRANSIT_MJD + (i - 10) * STEP_DAYS,
    decDeg: 30.4,
  }));
  await storeObservations(place.productsDb, [
    ...pass,
    ...pass.map(({ mjd }) => ({ mjd: mjd + 1, decDeg: 54.57 })),
  ]);
  return place;
}

const rowsOf = (votable: string) => votable.match(/<TR>/g)?.length ?? 0;

test('stilts: cone, coneskymatch and votlint', needs('stilts'), async (t) => {
  const server = new Server(t, await observing(t));
  const url = `${await server.url()}vo/cone?`;
  const cone = await run('stilts', [
    'cone',
    `serviceurl=${url}`,
    `lon=${POSITION.ra}`,
    `lat=${POSITION.dec}`,
    'radius=2',
    'ofmt=csv',
  ]);
  const lines = cone.stdout.trim().split('\n');
  assert.match(lines[0] ?? '', /^obs_id,s_ra,s_dec,s_fov,s_region,t_min,t_max,t_exptime,path$/);
  // 2 degrees of the sky pass in 9.3 minutes at this declination, so the middle of four observations lies within.
  assert.equal(lines.length - 1, 3);
  const match = await run('stilts', [
    'coneskymatch',
    'in=:loop:2',
    'icmd=addcol ra 202.0+i; addcol dec 30.5',
    'ra=ra',
    'dec=dec',
    'sr=2',
    `serviceurl=${url}`,
    'ofmt=csv',
  ]);
  assert.ok(match.stdout.trim().split('\n').length > 1, match.stderr);
  for (const query of [`${QUERY}&SR=2`, `${QUERY}&SR=0`, `${QUERY}&response=0.1&VERB=3`, 'RA=x']) {
    assert.deepEqual(await votlint(`${url}${query}`), [], query);
  }
});

test('pyvo and astropy, which refuses a document with any fault', needs('pyvo'), async (t) => {
  const server = new Server(t, await observing(t));
  const { stdout } = await run('/usr/bin/python3', [
    join(root, 'test', 'vo', 'clients.py'),
    `${await server.url()}vo/cone?`,
    ...[POSITION.ra, POSITION.dec, 2].map(String),
  ]);
  const found = JSON.parse(stdout);
  assert.equal(found.rows, 3);
  assert.equal(found.ra_unit, 'deg');
  assert.equal(found.ucds.obs_id, 'meta.id;meta.main');
  assert.equal(found.ucds.s_ra, 'pos.eq.ra;meta.main');
  assert.equal(found.ucds.path, 'meta.id;meta.file');
  assert.deepEqual(found.timesys, ['UTC']);
  assert.equal(found.empty[0], 0);
  assert.ok(found.empty[1].includes('s_ra'));
  assert.match(found.refusal, /t_min/);
  assert.match(found.content_type, /^application\/x-votable\+xml/);
});

test('what is asked: times, response, number of rows; and what is wrong', async (t) => {
  const app = await serverOf(t, await observing(t));
  const ask = async (query: string) => {
    const answer = await app.inject(`/vo/cone?${query}`);
    assert.equal(answer.statusCode, 200);
    return answer.payload;
  };
  assert.equal(rowsOf(await ask(`${QUERY}&SR=180`)), 42);
  assert.equal(rowsOf(await ask(`${QUERY}&SR=180&t_min=60953.5`)), 21);
  assert.equal(rowsOf(await ask(`${QUERY}&SR=180&t_max=60953.5`)), 21);
  // Names in any case, by DALI.
  assert.equal(rowsOf(await ask(`ra=${POSITION.ra}&dec=${POSITION.dec}&sr=180&maxrec=5`)), 5);
  assert.match(await ask(`${QUERY}&SR=180&MAXREC=5`), /<INFO name="QUERY_STATUS" value="OVERFLOW"\/>/);
  assert.doesNotMatch(await ask(`${QUERY}&SR=180&MAXREC=42`), /OVERFLOW/);
  assert.equal(rowsOf(await ask(`${QUERY}&SR=2&MAXREC=0`)), 0);
  // With the drift more observations had the source within half power than had their middle so near.
  assert.equal(rowsOf(await ask(`${QUERY}&response=0.5`)), 3);
  assert.equal(rowsOf(await ask(`${QUERY}&SR=1.3576`)), 3);
  for (const [query, what] of [
    ['DEC=1&SR=1', 'RA'],
    ['RA=361&DEC=1&SR=1', 'RA'],
    ['RA=%20&DEC=1&SR=1', 'RA'],
    ['RA=1&DEC=1', 'SR'],
    ['RA=1&RA=2&DEC=1&SR=1', 'once'],
    ['RA=1&DEC=1&SR=1&VERB=4', 'VERB'],
    ['RA=1&DEC=1&SR=1&t_min=2&t_max=1', 't_min'],
    ['RA=1e999&DEC=1&SR=1', 'RA'],
  ] as const) {
    const answer = await ask(query);
    assert.match(answer, new RegExp(`<INFO ID="Error" name="Error" value="[^"]*${what}`), query);
    assert.match(answer, /<INFO name="QUERY_STATUS" value="ERROR">/);
  }
});

test('VOSI: available while the database can be read; capabilities name this address', async (t) => {
  const app = await serverOf(t, await observing(t));
  assert.match((await app.inject('/vo/availability')).payload, /<available>true<\/available>/);
  const { payload } = await app.inject({ url: '/vo/capabilities', headers: { host: 'localhost:8123' } });
  assert.match(payload, /<accessURL use="base">http:\/\/localhost:8123\/vo\/cone\?<\/accessURL>/);
  assert.match(payload, /xsi:type="cs:ConeSearch"/);
});
