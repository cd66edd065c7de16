/** What the database refuses for its contents is a failure of that file alone; what passes is waited for. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { StoreError } from '#src/errors.js';
import { atOnce, Recorder } from '#src/ingest/recorder.js';
import type { FileResult } from '#src/store/rows.js';
import { SqliteStore } from '#src/store/sqlite/store.js';
import { waitFor } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';
import { backends } from '../store/backends.js';
import { failed, ledgerOf, stored } from '../store/results.js';

const trigger = (body: string) => `
  CREATE FUNCTION theirs() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.dec_deg > 80 THEN ${body}; END IF; RETURN NEW; END $$;
  CREATE TRIGGER theirs BEFORE INSERT ON pointing_history FOR EACH ROW EXECUTE FUNCTION theirs()`;
const sqliteTrigger = (body: string) => `
  CREATE TRIGGER theirs BEFORE INSERT ON pointing_history WHEN NEW.dec_deg > 80 BEGIN SELECT ${body}; END`;

interface Rule {
  readonly what: string;
  readonly sql: string;
  /** What the database says of a row that breaks it. */
  readonly says: RegExp;
  /** Who writes, where it is not the administrator. */
  readonly user?: string;
}

/** Of other programs. */
const rules: Readonly<Record<'SQLite' | 'PostgreSQL', readonly Rule[]>> = {
  SQLite: [
    {
      what: 'a trigger refuses',
      sql: sqliteTrigger("RAISE(ABORT, 'no polar fields here')"),
      says: /refuses a row.*polar fields/,
    },
    {
      what: 'makes a trigger fail',
      sql: sqliteTrigger("json('{')"),
      says: /returned an error: malformed JSON/,
    },
  ],
  PostgreSQL: [
    {
      what: 'a constraint refuses',
      sql: 'ALTER TABLE pointing_history ADD CHECK (dec_deg <= 80)',
      says: /refuses a row.*check constraint/,
    },
    {
      what: 'a trigger refuses',
      sql: trigger("RAISE EXCEPTION 'no polar fields here'"),
      says: /refuses a row.*polar fields.*P0001/,
    },
    {
      what: 'makes a trigger fail',
      sql: trigger('PERFORM no_such_thing()'),
      says: /returned an error.*no_such_thing.*42883/,
    },
    {
      what: 'a policy refuses',
      sql: `CREATE USER writer; GRANT ALL ON ALL TABLES IN SCHEMA public TO writer;
        GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO writer;
        ALTER TABLE pointing_history ENABLE ROW LEVEL SECURITY;
        CREATE POLICY theirs ON pointing_history USING (TRUE) WITH CHECK (dec_deg <= 80)`,
      says: /refuses a row.*row-level security.*42501/,
      user: 'writer',
    },
  ],
};

for (const { name, create } of backends())
  for (const { what, sql, says, user } of rules[name])
    test(`${name}: a row that ${what} is a failure of its file, and the others are written`, async (t) => {
      const database = await create(t);
      await (await database.store()).check();
      await database.query(sql);
      const store = await database.store(user === undefined ? {} : { user });
      const errors: (StoreError | undefined)[] = [];
      const recorder = new Recorder(store, atOnce, (error) => errors.push(error));
      const results = Array.from({ length: 50 }, (_, i) =>
        stored(`/in/${i}`, 60000 + i, i % 20 === 7 ? 85 : 10),
      );
      const recordEach = () =>
        Promise.all(results.map((result) => recorder.record([result]))).then((each) => each.flat());
      const first = await recordEach();
      const refused = first.filter((each) => each.refused);
      assert.deepEqual(
        refused.map(({ outcome }) => [outcome.path, outcome.error?.code]),
        ['/in/7', '/in/27', '/in/47'].map((path) => [path, 'not_stored']),
      );
      assert.ok(first.every(({ repeated }) => !repeated));
      assert.match(refused[0]?.outcome.error?.message ?? '', says);
      assert.deepEqual(errors, []);
      const ledger = await ledgerOf(store);
      assert.equal(ledger.length, 50);
      assert.equal(ledger.filter(({ state }) => state === 'failed').length, 3);
      assert.ok((await recordEach()).every(({ repeated }) => repeated));
      assert.equal(await recorder.close(1), 0);
    });

test('an internal error with one result fails its file; with every one it is thrown, and not retried', async (t) => {
  const [sqlite] = backends();
  const store = await (await sqlite?.create(t))?.store();
  assert.ok(store);
  const errors: unknown[] = [];
  const recorder = new Recorder(store, atOnce, (error) => errors.push(error));
  const result = stored('/in/b', 60001);
  const faulty = {
    ...result,
    outcome: {
      ...result.outcome,
      get pointing(): never {
        throw new TypeError('no such thing');
      },
    },
  };
  const [, refused] = await Promise.all([
    recorder.record([stored('/in/a', 60000)]),
    recorder.record([faulty]),
  ]);
  assert.match(refused[0]?.outcome.error?.message ?? '', /internal error: TypeError: no such thing/);
  assert.equal((await ledgerOf(store)).length, 2);
  const broken = new Recorder(
    Object.assign(Object.create(store), {
      record: () => Promise.reject(new TypeError('broken')),
    }),
    atOnce,
    (error) => errors.push(error),
  );
  await assert.rejects(broken.record([failed('/in/c')]), /neither the row of \/in\/c nor its failure/);
  assert.equal(broken.backlog, 0);
  assert.deepEqual(errors, []);
});

test('a store that the operating system keeps from its file once is asked again, and no file fails', async (t) => {
  const space = workspace(t);
  const state = join(space.path, 'state');
  mkdirSync(state);
  const store = new SqliteStore(join(state, 'products.sqlite3'), { lockWait: 'short' });
  t.after(() => store.close());
  await store.check();
  renameSync(state, `${state}.away`);
  symlinkSync(state, state);
  const errors: (StoreError | undefined)[] = [];
  const recorder = new Recorder(store, atOnce, (error) => {
    errors.push(error);
    if (!error) return;
    rmSync(state);
    renameSync(`${state}.away`, state);
  });
  const [recorded] = await recorder.record([stored('/in/a', 60000)]);
  assert.equal(recorded?.refused, false);
  assert.deepEqual(
    errors.map((error) => error?.kind),
    ['unusable', undefined],
  );
});

test('what was committed before the answer was lost is not taken for a repetition', async (t) => {
  const [sqlite] = backends();
  const store = await (await sqlite?.create(t))?.store();
  assert.ok(store);
  let isLost = true;
  const unsure = Object.assign(Object.create(store), {
    record: async (results: readonly FileResult[]) => {
      const recorded = await store.record(results);
      if (isLost) {
        isLost = false;
        throw new StoreError('unreachable', 'the connection was lost');
      }
      return recorded;
    },
  });
  const recorder = new Recorder(unsure, atOnce, () => {});
  const results = [stored('/in/a', 60000)];
  assert.deepEqual(
    (await recorder.record(results)).map(({ repeated }) => repeated),
    [false],
  );
  assert.deepEqual(
    (await recorder.record(results)).map(({ repeated }) => repeated),
    [true],
  );
  await recorder.close(1);
});

for (const [what, sql, says] of [
  ['refuses', "RAISE(ABORT, 'not this one')", /not this one/],
  ['fails at', "json('{')", /malformed JSON/],
] as const)
  test(`a file of which the database ${what} both row and failure holds up no other`, async (t) => {
    const [sqlite] = backends();
    const database = await sqlite?.create(t);
    const store = await database?.store();
    assert.ok(database && store);
    await store.check();
    await database.query(`CREATE TRIGGER theirs BEFORE INSERT ON pointing_files WHEN NEW.path = '/in/7'
    BEGIN SELECT ${sql}; END`);
    const errors: (StoreError | undefined)[] = [];
    const recorder = new Recorder(store, atOnce, (error) => errors.push(error));
    const results = Array.from({ length: 20 }, (_, i) => stored(`/in/${i}`, 60000 + i));
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const recorded = await recorder.record(results);
    clearInterval(timer);
    assert.ok(turns > 0, 'other work waits');
    const unrecorded = recorded.filter((each) => each.unrecorded);
    assert.deepEqual(
      unrecorded.map(({ outcome }) => outcome.path),
      ['/in/7'],
    );
    assert.match(unrecorded[0]?.unrecorded?.message ?? '', says);
    assert.equal((await ledgerOf(store)).length, 19);
    assert.deepEqual(errors, []);
  });

test('a database that takes nothing at all is waited for, and no file fails', async (t) => {
  const [sqlite] = backends();
  const database = await sqlite?.create(t);
  const store = await database?.store();
  assert.ok(database && store);
  await store.check();
  await database.query('ALTER TABLE pointing_files RENAME COLUMN state TO condition');
  let told: StoreError | undefined;
  const recorder = new Recorder(store, atOnce, (error) => {
    told = error;
  });
  const recording = recorder.record(Array.from({ length: 20 }, (_, i) => stored(`/in/${i}`, 60000 + i)));
  await waitFor('the problem', () => told);
  assert.equal(told?.kind, 'unusable');
  await database.query('ALTER TABLE pointing_files RENAME COLUMN condition TO state');
  assert.ok((await recording).every(({ refused }) => !refused));
  assert.equal((await ledgerOf(store)).length, 20);
});
