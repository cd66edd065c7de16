import { after, type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { openReader, openStore } from '#src/store/open.js';
import type { HistoryReader } from '#src/store/reader.js';
import type { Store } from '#src/store/writer.js';
import { needs } from '../helpers/needs.js';
import { Postgres, queryAt } from '../helpers/postgres.js';
import { workspace } from '../helpers/workspace.js';

/** A database of a test's own, as the product opens it and as another program does. */
export interface TestDatabase {
  readonly location: string;
  store(options?: { host?: string; user?: string }): Promise<Store>;
  reader(): Promise<HistoryReader>;
  /** What another program gets. */
  query<Row extends object>(sql: string): Promise<Row[]>;
}

export interface Backend {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** A new empty database, gone when the test ends. */
  create(test: TestContext): Promise<TestDatabase>;
}

const sqlite: Backend = {
  name: 'SQLite',
  create: async (test) => {
    const { productsDb } = workspace(test);
    return databaseAt(test, productsDb, async <Row>(sql: string) => {
      const database = new Database(productsDb, { timeout: 5000 });
      try {
        const statement = database.prepare<[], Row>(sql);
        if (statement.reader) return statement.all();
        statement.run();
        return [];
      } finally {
        database.close();
      }
    });
  },
};

let server: Promise<Postgres> | undefined;

const postgres: Backend = {
  name: 'PostgreSQL',
  create: async (test) => {
    server ??= Postgres.start();
    const url = await (await server).database();
    return databaseAt(test, url, (sql) => queryAt(url, sql));
  },
};

/** Both, where a PostgreSQL server is installed. One server serves all tests of a file. */
export function backends(): readonly Backend[] {
  const options = needs('postgres');
  if (options.skip) {
    test('the same on PostgreSQL', options);
    return [sqlite];
  }
  after(async () => (await server)?.remove());
  return [sqlite, postgres];
}

function databaseAt(test: TestContext, location: string, query: TestDatabase['query']): TestDatabase {
  return {
    location,
    query,
    store: async ({ host = 'here', user = 'tester' } = {}) => {
      const as = location.replace('user=tester', `user=${user}`);
      const store = await openStore(as, { lockWait: 'short', host });
      test.after(() => store.close());
      return store;
    },
    reader: async () => {
      const reader = await openReader(location);
      test.after(() => reader.close());
      return reader;
    },
  };
}
