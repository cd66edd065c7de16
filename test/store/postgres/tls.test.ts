/** TLS and passwords with a real server, and certificates that openssl makes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cli } from '../../helpers/cli.js';
import { needs } from '../../helpers/needs.js';
import { freePort, Postgres, USER } from '../../helpers/postgres.js';
import { workspace } from '../../helpers/workspace.js';

const NAME = 'db.example.org';

/** An authority, and a key and certificate of its for the name and an address of this host. */
function certificates(path: string) {
  const at = (name: string) => join(path, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  for (const authority of ['ca', 'other'])
    openssl(
      'req',
      '-x509',
      ...key,
      '-subj',
      `/CN=${authority}`,
      '-keyout',
      at(`${authority}.key`),
      '-out',
      at(`${authority}.crt`),
    );
  openssl(
    'req',
    '-x509',
    ...key,
    '-subj',
    `/CN=${NAME}`,
    '-addext',
    `subjectAltName=DNS:${NAME},IP:127.0.0.2`,
    '-CA',
    at('ca.crt'),
    '-CAkey',
    at('ca.key'),
    '-keyout',
    at('server.key'),
    '-out',
    at('server.crt'),
  );
  const { uid, gid } = USER;
  if (uid !== undefined && gid !== undefined) chownSync(at('server.key'), uid, gid);
  chmodSync(at('server.key'), 0o600);
  chmodSync(path, 0o755);
  return at;
}

/** A server with TLS or without, that wants a password from every user but its own. */
async function server(t: TestContext, at: (name: string) => string, tls: boolean) {
  const port = await freePort();
  const ssl = tls ? ['ssl=on', `ssl_cert_file=${at('server.crt')}`, `ssl_key_file=${at('server.key')}`] : [];
  const settings = ['listen_addresses=127.0.0.1,127.0.0.2', `port=${port}`, ...ssl];
  const postgres = await Postgres.start(t, settings);
  writeFileSync(
    join(postgres.directory, 'data/pg_hba.conf'),
    'local all all trust\nhost all all all scram-sha-256\n',
  );
  await postgres.query('postgres', 'SELECT pg_reload_conf()');
  await postgres.query('postgres', "CREATE ROLE contimg LOGIN PASSWORD 'sesame'");
  await postgres.query('postgres', 'CREATE DATABASE products OWNER contimg');
  /** What `doctor` says of the database, and all that it says on stderr. */
  return async (
    host: string,
    query: string,
    password: string | undefined = 'sesame',
    env: NodeJS.ProcessEnv = {},
  ) => {
    const location = `postgresql://contimg@${host}:${port}/products?${query}`;
    const passwords = { PGPASSFILE: '/none', ...(password && { PGPASSWORD: password }), ...env };
    const { stdout, stderr } = await cli(['doctor', '/tmp', location, '--json'], passwords);
    const checks = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { state, message } = checks.find(({ check }) => check === 'database');
    assert.equal(stderr, '');
    return `${state} ${message}`;
  };
}

test(
  'TLS is verified as sslmode says: authority, name and address',
  needs('postgres', 'openssl'),
  async (t) => {
    const { path } = workspace(t);
    const at = certificates(path);
    const ask = await server(t, at, true);
    const [ca, other] = [`sslrootcert=${at('ca.crt')}`, `sslrootcert=${at('other.crt')}`];
    const here = 'hostaddr=127.0.0.1';
    const [good, mistrusted] = [/^ok .*PostgreSQL/, /^failed .*certificate that cannot be trusted/];
    const cases: [host: string, query: string, expected: RegExp][] = [
      [NAME, `${here}&sslmode=verify-full&${ca}`, good],
      ['127.0.0.2', `sslmode=verify-full&${ca}`, good],
      // Another name, another address, another authority, none of the system's.
      ['other.example.org', `${here}&sslmode=verify-full&${ca}`, mistrusted],
      ['localhost', `${here}&sslmode=verify-full&${ca}`, mistrusted],
      ['127.0.0.1', `sslmode=verify-full&${ca}`, mistrusted],
      [NAME, `${here}&sslmode=verify-full&${other}`, mistrusted],
      [NAME, `${here}&sslmode=verify-full&sslrootcert=system`, mistrusted],
      ['127.0.0.1', `sslmode=verify-ca&${ca}`, good],
      ['127.0.0.1', `sslmode=verify-ca&${other}`, mistrusted],
      ['127.0.0.1', 'sslmode=require', good],
      ['127.0.0.1', `sslmode=require&${other}`, mistrusted],
      ['127.0.0.1', 'sslmode=prefer', good],
      ['127.0.0.1', 'sslmode=disable', good],
      ['127.0.0.1', '', good],
    ];
    for (const [host, query, expected] of cases)
      assert.match(await ask(host, query), expected, `${host} ${query}`);
    const { stdout } = await cli(['--version']);
    assert.match(stdout, /\d/);
  },
);

test(
  'a server without TLS gets no password unless that is allowed',
  needs('postgres', 'openssl'),
  async (t) => {
    const { path } = workspace(t);
    const at = certificates(path);
    const ask = await server(t, at, false);
    const refused = /^failed .*offers no TLS, without which anyone in between can read the password/;
    assert.match(
      await ask(NAME, `hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=${at('ca.crt')}`),
      refused,
    );
    assert.match(await ask('127.0.0.1', 'sslmode=require'), refused);
    assert.match(await ask('127.0.0.1', 'sslmode=prefer'), /^ok /);
    assert.match(await ask('127.0.0.1', ''), /^ok /);
  },
);

test(
  'a missing or wrong password is named as such, with the file to put it into',
  needs('postgres', 'openssl'),
  async (t) => {
    const { path } = workspace(t);
    const at = certificates(path);
    const ask = await server(t, at, true);
    const PGPASSFILE = join(path, 'pgpass');
    const without = (env: NodeJS.ProcessEnv = {}) => ask('127.0.0.1', '', '', env);
    assert.match(
      await without(),
      /^failed the database .* requires the password of the user contimg: there is no \/none: .*add the line 127\.0\.0\.1:\d+:products:contimg:PASSWORD, or name another file in PGPASSFILE$/,
    );
    writeFileSync(PGPASSFILE, '127.0.0.1:*:other:contimg:sesame\n', { mode: 0o600 });
    assert.match(await without({ PGPASSFILE }), /has no line for it: add the line 127/);
    writeFileSync(PGPASSFILE, '127.0.0.1:*:products:contimg:sesame\n');
    assert.match(await without({ PGPASSFILE }), /^ok /);
    chmodSync(PGPASSFILE, 0o640);
    assert.match(
      await without({ PGPASSFILE }),
      /other users can read .*pgpass, so it is not used: chmod 600 it$/,
    );
    assert.match(await ask('127.0.0.1', '', 'wrong'), /^failed .*rejects this user: check user and password/);
  },
);

test('one schema holds the tables, and nothing shadows them', needs('postgres'), async (t) => {
  const postgres = await Postgres.start(t);
  const url = await postgres.database();
  const database = new URL(url).pathname.slice(1);
  const { path, incoming } = workspace(t);
  assert.equal((await cli(['backfill', incoming, url])).code, 0, path);
  // The user's own schema, made later, comes first in its search_path.
  await postgres.query(
    database,
    'CREATE SCHEMA evil; CREATE TABLE evil.pointing_history (timestamp float8, ra_deg float8, dec_deg float8)',
  );
  await postgres.query(database, 'INSERT INTO pointing_history VALUES (60000, 1, 2)');
  const { stdout } = await cli(['history', url, '--from', '60000', '--to', '60000', '--json']);
  assert.equal(JSON.parse(stdout).ra_deg, 1);
  const options = encodeURIComponent('-c search_path=ours,public');
  await postgres.query(database, 'CREATE SCHEMA ours');
  assert.equal((await cli(['backfill', incoming, `${url}&options=${options}`])).code, 0);
  const tables = await postgres.query<{ n: number }>(
    database,
    "SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'ours'",
  );
  assert.ok((tables[0]?.n ?? 0) >= 4);
});
