import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import pg from 'pg';
import { StoreError } from '#src/errors.js';
import { Connections } from '#src/store/postgres/connection.js';
import { storeErrorOf } from '#src/store/postgres/error.js';
import { needs } from '../../helpers/needs.js';
import { Postgres, queryAt } from '../../helpers/postgres.js';

/** A message of the frontend/backend protocol: its type, its length, its contents. */
function message(type: string, contents: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(contents.length + 4, 1);
  return Buffer.concat([head, contents]);
}

const READY = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const ENDED = message('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0'));

// A real server does this once in many kills, when it is ended in the very moment in which it lets a client in.
test('a server that ends in the same breath as it lets a client in is unreachable, and ends nobody else', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([READY, ENDED])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const connections = new Connections(`postgresql://me@127.0.0.1:${port}/products?sslmode=disable`, 1);
  t.after(() => connections.close());
  await assert.rejects(
    connections.use((client) => client.query('SELECT 1')),
    (error) => error instanceof StoreError && error.kind === 'unreachable',
  );
});

test(
  'a server that is busy is waited for, and not taken for one that does not respond',
  needs('postgres'),
  async (t) => {
    const postgres = await Postgres.start(t);
    const url = (await postgres.database()).replace(encodeURIComponent(postgres.directory), '$&,/nowhere');
    const connections = new Connections(url, 1);
    t.after(() => connections.close());
    const slow = connections.use((client) => client.query('SELECT pg_sleep(6)'));
    const { rows } = await connections.use((client) => client.query<{ one: number }>('SELECT 1 AS one'));
    assert.deepEqual(rows, [{ one: 1 }]);
    await slow;
  },
);

test(
  'a transaction that could not begin leaves nothing behind on its connection',
  needs('postgres'),
  async (t) => {
    const postgres = await Postgres.start(t);
    const connections = new Connections(await postgres.database(), 1);
    t.after(() => connections.close());
    await assert.rejects(
      connections.transaction(Number.NaN, async () => {}),
      StoreError,
    );
    await connections.use((client) => client.query('SELECT 1'));
  },
);

test('a query that nobody waits for any more ends at the server too', needs('postgres'), async (t) => {
  const postgres = await Postgres.start(t);
  const database = await postgres.database();
  const connections = new Connections(database, 1, 500);
  t.after(() => connections.close());
  const sleepAtServer = (client: pg.PoolClient) => client.query('SELECT pg_sleep(600)');
  const asleep = () =>
    queryAt(
      database,
      "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)'",
    );
  await assert.rejects(connections.use(sleepAtServer), StoreError);
  assert.deepEqual(await asleep(), []);
  await assert.rejects(connections.transaction(1, sleepAtServer), StoreError);
  assert.deepEqual(await asleep(), []);
});

test('a full queue of notifications is told by the code that reports it, in whatever language', () => {
  const error = new pg.DatabaseError('zu viele Benachrichtigungen in NOTIFY-Schlange', 0, 'error');
  Object.assign(error, { code: '54000', routine: 'PreCommit_Notify', severity: 'FEHLER' });
  const problem = storeErrorOf(error, 'postgresql://here/products');
  assert.ok(problem instanceof StoreError);
  assert.equal(problem.kind, 'unusable');
  assert.match(problem.message, /its queue of notifications is full/);
});

test('what the server lacks is named: connections, or something else', () => {
  const problem = (code: string) => {
    const error = new pg.DatabaseError('its words', 0, 'error');
    error.code = code;
    return storeErrorOf(error, 'postgresql://here/products');
  };
  assert.match(String(problem('53300')), /has no free connections: raise max_connections/);
  assert.match(String(problem('53200')), /has run out of a resource: check the memory and the limits/);
});
