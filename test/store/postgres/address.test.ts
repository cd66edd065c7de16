import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type StoreError, UsageError } from '#src/errors.js';
import { attemptsOf } from '#src/store/postgres/address.js';
import { storeErrorOf } from '#src/store/postgres/error.js';
import { cli } from '../../helpers/cli.js';
import { needs } from '../../helpers/needs.js';
import { freePort, Postgres } from '../../helpers/postgres.js';
import { workspace } from '../../helpers/workspace.js';

const seen = (url: string, env: NodeJS.ProcessEnv = {}) =>
  attemptsOf(url, { PGPASSFILE: '/none', PGSSLMODE: 'disable', ...env }).map(
    ({ user, password, host, port, database }) => `${user}:${password}@${host}:${port}/${database}`,
  );

test('a URL in every form that psql takes', () => {
  const cases: [string, string[]][] = [
    ['postgresql://me@h/db', ['me:@h:5432/db']],
    ['postgres://me:a%2Fb%40c@h:6000/db', ['me:a/b@c@h:6000/db']],
    ['postgresql://me@a:1,b:2,c/db', ['me:@a:1/db', 'me:@b:2/db', 'me:@c:5432/db']],
    ['postgresql://me@[2001:db8::1]:7/db', ['me:@2001:db8::1:7/db']],
    ['postgresql://me@%2Frun%2Fpg/db', ['me:@/run/pg:5432/db']],
    ['postgresql:///db?host=/run/pg&user=me&port=9', ['me:@/run/pg:9/db']],
    ['postgresql://me@/?host=a,b&port=1,2&dbname=x', ['me:@a:1/x', 'me:@b:2/x']],
    ['postgresql://me@a,b/?port=5', ['me:@a:5/me', 'me:@b:5/me']],
  ];
  for (const [url, expected] of cases) assert.deepEqual(seen(url), expected, url);
});

test('what the URL leaves out comes from a service, then from the environment', (t) => {
  const { path } = workspace(t);
  const file = join(path, 'services');
  writeFileSync(file, '# ours\n[other]\nhost=x\n\n[ours]\nhost=s\nport = 7\ndbname=sdb\n[more]\nhost=y\n');
  const env = { PGHOST: 'e', PGPORT: '8', PGUSER: 'eu', PGDATABASE: 'edb', PGPASSWORD: 'ep' };
  assert.deepEqual(seen('postgresql://', env), ['eu:ep@e:8/edb']);
  assert.deepEqual(seen('postgresql://h', env), ['eu:ep@h:8/edb']);
  const services = { ...env, PGSERVICEFILE: file };
  assert.deepEqual(seen('postgresql://?service=ours', services), ['eu:ep@s:7/sdb']);
  assert.deepEqual(seen('postgresql://me@h/db', { ...services, PGSERVICE: 'ours' }), ['me:ep@h:7/db']);
  assert.throws(() => seen('postgresql://?service=nobody', services), /no service nobody in /);
});

test('a password comes from the first line of the password file that fits, if no other can read it', (t) => {
  const { path } = workspace(t);
  const PGPASSFILE = join(path, 'pgpass');
  writeFileSync(PGPASSFILE, '# all\nh:1:*:me:one\nlocalhost:*:db:me:lo\\:ca\\\\l\n*:*:*:*:any\n', {
    mode: 0o600,
  });
  assert.deepEqual(seen('postgresql://me@h:1/db', { PGPASSFILE }), ['me:one@h:1/db']);
  assert.deepEqual(seen('postgresql://me@%2Frun/db', { PGPASSFILE }), ['me:lo:ca\\l@/run:5432/db']);
  assert.deepEqual(seen('postgresql://you@h:1/db', { PGPASSFILE }), ['you:any@h:1/db']);
  chmodSync(PGPASSFILE, 0o644);
  assert.deepEqual(seen('postgresql://me@h:1/db', { PGPASSFILE }), ['me:@h:1/db']);
});

test('each sslmode tries what psql tries, in its order', (t) => {
  const { path } = workspace(t);
  const root = join(path, 'root.crt');
  writeFileSync(root, 'certificate');
  const modes = (query: string, env: NodeJS.ProcessEnv = {}) =>
    attemptsOf(`postgresql://me@h/db${query}`, env).map(({ ssl }) => {
      if (typeof ssl !== 'object') return 'plain';
      if (ssl.rejectUnauthorized === false) return 'any';
      return ssl.checkServerIdentity ? 'authority' : 'full';
    });
  assert.deepEqual(modes(''), ['full']);
  assert.deepEqual(modes('', { PGSSLMODE: 'disable' }), ['plain']);
  assert.deepEqual(modes('?sslmode=prefer'), ['any', 'plain']);
  assert.deepEqual(modes('?sslmode=allow'), ['plain', 'any']);
  assert.deepEqual(modes('?sslmode=require'), ['any']);
  assert.deepEqual(modes(`?sslmode=require&sslrootcert=${root}`), ['authority']);
  assert.deepEqual(modes(`?sslmode=verify-ca&sslrootcert=${root}`), ['authority']);
  assert.deepEqual(modes(`?sslmode=verify-full&sslrootcert=${root}`), ['full']);
  assert.deepEqual(modes('?sslmode=verify-full&sslrootcert=system'), ['full']);
});

test('what is not possible is one line, without the URL', () => {
  for (const [url, words] of [
    ['postgresql://me:hunter2@h/db?sslmode=perhaps', /sslmode "perhaps": expected disable,.*verify-full/],
    ['postgresql://me:hunter2@h/db?sslmode=verify-full', /needs the server's authority: set sslrootcert/],
    ['postgresql://me:hunter2@h/db?sslmode=require&sslrootcert=/no/such', /cannot read the sslrootcert/],
    ['postgresql://me:hunter2@h/db?target_session_attrs=primary', /target_session_attrs is not supported/],
    ['postgresql://me:hunter2@h/db?channel_binding=require', /parameter "channel_binding" is not supported/],
    ['postgresql://me:hunter2@h:port/db', /the port must be a number/],
    ['postgresql://me:hunter2@a:1,b:2/db?port=1,2,3', /3 ports for 2 hosts/],
    ['postgresql://me:hunter2%@h/db', /cannot parse the PostgreSQL URL/],
  ] as const) {
    assert.throws(
      () => attemptsOf(url, {}),
      (error) =>
        error instanceof UsageError && words.test(error.message) && !error.message.includes('hunter2'),
      url,
    );
  }
});

test(
  'of several servers the first that can be reached, with or without TLS',
  needs('postgres'),
  async (t) => {
    const postgres = await Postgres.start(t);
    const port = await onTcp(t, postgres.directory);
    const away = await freePort();
    const url = `postgresql://tester@127.0.0.1:${away},127.0.0.1:${port}/postgres`;
    const found = await cli(['merge', url, `${url}?sslmode=disable`]);
    assert.match(found.stderr, /has no table pointing_history/);
    const none = await cli([
      'retry',
      `postgresql://tester@127.0.0.1:${away},127.0.0.1:${await freePort()}/db`,
    ]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /cannot be reached \(.*ECONNREFUSED.*ECONNREFUSED.*\)/);
  },
);

/** A port of this host that leads to the server's socket: it listens on no other. */
async function onTcp(t: TestContext, directory: string): Promise<number> {
  const proxy = createServer((client) => {
    const server = connect(join(directory, '.s.PGSQL.5432'));
    for (const each of [client, server])
      each.on('error', () => {
        client.destroy();
        server.destroy();
      });
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  return (proxy.address() as { port: number }).port;
}

test('off this host a connection asks for verified TLS unless it is told otherwise', () => {
  const modes = (url: string, env: NodeJS.ProcessEnv = {}) =>
    attemptsOf(url, env).map(({ ssl }) =>
      typeof ssl !== 'object' ? 'plain' : ssl.rejectUnauthorized === false ? 'any' : `verified ${ssl.host}`,
    );
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'LOCALHOST'])
    assert.deepEqual(modes(`postgresql://me@${host}/db`), ['any', 'plain'], host);
  assert.deepEqual(modes('postgresql://me@%2Frun%2Fpg/db'), ['plain']);
  for (const host of ['db.example.org', '192.0.2.1', '128.0.0.1', 'localhost.example.org', '127.example.org'])
    assert.deepEqual(modes(`postgresql://me@${host}/db`), [`verified ${host}`], host);
  assert.deepEqual(modes('postgresql://me@[2001:db8::1]/db'), ['verified 2001:db8::1']);
  // A name of this host does not make an address elsewhere its own; the certificate is for the name.
  assert.deepEqual(modes('postgresql://me@localhost/db?hostaddr=192.0.2.1'), ['verified localhost']);
  assert.deepEqual(modes('postgresql://me@h,localhost/db'), ['verified h', 'any', 'plain']);
  for (const [mode, expected] of Object.entries({
    disable: ['plain'],
    prefer: ['any', 'plain'],
    require: ['any'],
  })) {
    assert.deepEqual(modes(`postgresql://me@h/db?sslmode=${mode}`), expected);
    assert.deepEqual(modes('postgresql://me@h/db', { PGSSLMODE: mode }), expected);
  }
});

test('an address that the system refuses is not called undefined, and the unit is blamed', () => {
  const refused = Object.assign(
    new Error('connect EAFNOSUPPORT 192.0.2.1:5432 - Local (undefined:undefined)'),
    {
      code: 'EAFNOSUPPORT',
    },
  );
  for (const error of [refused, new AggregateError([refused, refused])]) {
    const { kind, message } = storeErrorOf(error, 'postgresql://me@h/db') as StoreError;
    assert.equal(kind, 'unusable');
    assert.match(
      message,
      /may not use the network \(EAFNOSUPPORT(, EAFNOSUPPORT)?\): for a unit, install \S+\/ops\/systemd/,
    );
  }
  const down = Object.assign(new Error('connect ETIMEDOUT 192.0.2.1:5432 - Local (undefined:undefined)'), {
    code: 'ETIMEDOUT',
  });
  assert.match(
    (storeErrorOf(down, 'postgresql://me@h/db') as StoreError).message,
    /\(connect ETIMEDOUT 192\.0\.2\.1:5432\)/,
  );
});
