import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedReply, MAX_EXTRA_SECONDS, replyIn } from '#src/extract/hdf5-reply.js';

const pointing = {
  kind: 'hadec',
  midTimeMjdUtc: 60_952.6,
  raDeg: 359.9,
  decDeg: 54.57,
  raIcrsDeg: 0,
  decIcrsDeg: -90,
  haDeg: -180,
  lstDeg: 360,
  nTimes: 24,
  durationSeconds: 309.2376,
  minFrequencyHz: null,
  maxFrequencyHz: 1.53e9,
  instrument: {
    name: 'OVRO_MMA',
    site: { latitudeDeg: 37.2, longitudeDeg: -118.3, altitudeM: 1188 },
    dishM: null,
  },
  quality: ['even', 'name_differs'],
};
const version = { sizeBytes: 145e6, mtimeUs: 1_700_000_000_123_456, ctimeUs: -1 };
const path = '/data/x_sb00.hdf5';
const error = { code: 'not_hdf5', message: 'is damaged: HDF5 failed to open the file' };
const confinement = { systemCalls: true, landlockVersion: 7, missing: null };

const withPointing = (change: object) => ({
  outcome: { path, version, pointing: { ...pointing, ...change } },
});
const withSite = (change: object) => {
  const { instrument } = pointing;
  return withPointing({ instrument: { ...instrument, site: { ...instrument.site, ...change } } });
};

test('what a sound child sends is taken as it is', () => {
  for (const reply of [
    { ready: confinement },
    { ready: { systemCalls: false, landlockVersion: 0, missing: 'Landlock: not supported' } },
    { failed: 'cannot load the Earth orientation' },
    { extraSeconds: 0 },
    { extraSeconds: MAX_EXTRA_SECONDS },
    { outcome: { path, version, pointing } },
    { outcome: { path, version, error } },
    { outcome: { path, error } },
  ]) {
    assert.deepEqual(checkedReply(reply), reply);
    assert.deepEqual(replyIn(JSON.stringify(reply)), reply);
  }
});

test('anything else is no reply', () => {
  for (const value of [
    undefined,
    null,
    'ready',
    [],
    {},
    { columns: null },
    { ready: null },
    { ready: { ...confinement, landlockVersion: -1 } },
    { ready: confinement, extraSeconds: 1 },
    { failed: 'two\nlines' },
    { extraSeconds: -1 },
    { extraSeconds: Number.NaN },
    { extraSeconds: MAX_EXTRA_SECONDS + 1 },
    { extraSeconds: '1' },
    { outcome: null },
    { outcome: { path } },
    { outcome: { path, pointing, error } },
    { outcome: { path: 1, error } },
    { outcome: { path, error: { ...error, code: 'nonsense' } } },
    { outcome: { path, error: { ...error, code: 'constructor' } } },
    { outcome: { path, error: { ...error, message: '\u001b[2J' } } },
    { outcome: { path, error: { ...error, message: undefined } } },
    { outcome: { path, error, version: { ...version, sizeBytes: -1 } } },
    { outcome: { path, error, version: { ...version, mtimeUs: 0.5 } } },
    withPointing({ kind: 'ephem' }),
    withPointing({ midTimeMjdUtc: 0 }),
    withPointing({ midTimeMjdUtc: null }),
    withPointing({ raDeg: 360.1 }),
    withPointing({ decDeg: Number.NaN }),
    withPointing({ raIcrsDeg: Number.POSITIVE_INFINITY }),
    withPointing({ decIcrsDeg: -90.1 }),
    withPointing({ haDeg: '0' }),
    withPointing({ lstDeg: -0.1 }),
    withPointing({ nTimes: 1.5 }),
    withPointing({ nTimes: 2 ** 32 }),
    withPointing({ durationSeconds: 86_401 }),
    withPointing({ minFrequencyHz: 0 }),
    withPointing({ quality: ['even', 'toString'] }),
    withPointing({ quality: 'even' }),
    withPointing({ instrument: null }),
    withPointing({ more: 1 }),
    withSite({ latitudeDeg: 91 }),
    withSite({ altitudeM: 1e9 }),
  ])
    assert.equal(checkedReply(value), undefined, JSON.stringify(value));
  for (const line of [
    '',
    'nonsense',
    '{"outcome":',
    '{"extraSeconds":NaN}',
    '{"extraSeconds":1,"__proto__":{}}',
  ])
    assert.equal(replyIn(line), undefined, line);
});
