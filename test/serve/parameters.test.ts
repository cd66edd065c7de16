import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverOf } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

const bad: [url: string, parameter: string][] = [
  ['/api/pointing_history?start_mjd=yesterday', 'start_mjd'],
  ['/api/pointing_history?end_mjd=', 'end_mjd'],
  ['/api/pointing_history?start_mjd=NaN', 'start_mjd'],
  ['/api/pointing_history?start_mjd=%20', 'start_mjd'],
  ['/api/pointing/observed?ra=%20%20&dec=1', 'ra'],
  ['/api/pointing_history?start_mjd=1e999', 'start_mjd'],
  ['/api/pointing_history?end_mjd=-2000000', 'end_mjd'],
  ['/pointing_history?start_mjd=2&end_mjd=1', 'start_mjd'],
  ['/pointing_history?limit=0', 'limit'],
  ['/pointing_history?limit=1.5', 'limit'],
  ['/pointing_history?limit=200001', 'limit'],
  ['/pointing_history?limit=1&limit=2', 'limit'],
  ['/pointing_history?all=maybe', 'all'],
  ['/pointing_history?time_interval_hours=0', 'time_interval_hours'],
  ['/pointing_history?format=xml', 'format'],
  ['/pointing_history?strat_mjd=1', 'strat_mjd'],
  ['/api/pointing/track?limit=1', 'limit'],
  ['/api/pointing/changes?threshold_deg=-1', 'threshold_deg'],
  ['/api/pointing/coverage?dec_bin_deg=0.01', 'dec_bin_deg'],
  ['/api/pointing/failures?limit=many', 'limit'],
  ['/api/pointing/latest?at=1', 'at'],
  ['/api/pointing-monitor/status?status_file=/etc/passwd', 'status_file'],
];

test('a bad parameter is a 400 that names it', async (t) => {
  const app = await serverOf(t, workspace(t));
  for (const [url, parameter] of bad) {
    const answer = await app.inject(url);
    assert.equal(answer.statusCode, 400, url);
    const { error } = answer.json();
    assert.equal(error.code, 'bad_parameter', url);
    assert.equal(error.parameter, parameter, url);
    assert.ok(error.message.startsWith(`${parameter}: `), error.message);
  }
});

test('what is not there, and a body that is too long, get an answer without a stack', async (t) => {
  const app = await serverOf(t, workspace(t));
  for (const [method, url, status] of [
    ['GET', '/nothing/here', 404],
    ['GET', '/../../etc/passwd', 404],
    ['GET', '/%2e%2e/%2e%2e/package.json', 404],
    ['DELETE', '/api/pointing_history', 404],
    ['GET', '/api/%ZZ', 400],
  ] as const) {
    const answer = await app.inject({ method, url });
    assert.equal(answer.statusCode, status, url);
    assert.equal(typeof answer.json().error.message, 'string', url);
    assert.doesNotMatch(answer.body, /node_modules|\.js:\d/, url);
  }
});

test('every answer carries the headers that keep a browser safe', async (t) => {
  const app = await serverOf(t, workspace(t));
  for (const url of ['/api/pointing/latest', '/nothing', '/healthz']) {
    const { headers } = await app.inject(url);
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*script-src 'self'/, url);
    assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|https:/, url);
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    assert.equal(headers['strict-transport-security'], undefined, url);
  }
});
