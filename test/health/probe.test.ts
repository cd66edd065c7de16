import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatabaseProbe } from '#src/health/probe.js';
import { backends } from '../store/backends.js';
import { stored } from '../store/results.js';

const FIRST_MJD = 60952;
const INTERVAL_DAYS = 700 / 86_400;
const observation = (i: number) => stored(`/in/${i}`, FIRST_MJD + i * INTERVAL_DAYS);

for (const { name, create } of backends()) {
  test(`${name}: the cadence is learnt also where older observations come after the newest`, async (t) => {
    const store = await (await create(t)).store();
    const probe = new DatabaseProbe(store);
    assert.equal(probe.snapshot().hasAnswered, false);
    await store.record([observation(12)]);
    await probe.ask();
    assert.equal(probe.snapshot().hasAnswered, true);
    assert.equal(probe.snapshot().cadenceSeconds, undefined);
    await store.record(Array.from({ length: 12 }, (_, i) => observation(i)));
    await probe.ask();
    assert.ok(Math.abs((probe.snapshot().cadenceSeconds ?? 0) - 700) < 1e-3);
  });

  if (name === 'PostgreSQL')
    test('of hosts that share a database, each is asked for its own newest observation', async (t) => {
      const database = await create(t);
      const [here, elsewhere] = [await database.store(), await database.store({ host: 'elsewhere' })];
      const probe = new DatabaseProbe(here, {}, { name: 'here', lookBackDays: 2 });
      const newest = async () => {
        await probe.ask();
        return probe.snapshot().ofHost;
      };
      const mjd = (i: number) => observation(i).outcome.pointing?.midTimeMjdUtc;
      assert.equal(await newest(), undefined);
      await here.record([observation(0)]);
      await elsewhere.record([observation(10)]);
      const one = { newestMjdUtc: mjd(0), isBefore: false, cadenceSeconds: undefined };
      assert.deepEqual(await newest(), one);
      assert.equal(probe.snapshot().newest?.timestamp, mjd(10));
      // This one observes at half the pace of the other.
      await here.record(Array.from({ length: 8 }, (_, i) => observation(20 + 2 * i)));
      await elsewhere.record(
        Array.from({ length: 16 }, (_, i) => stored(`/out/${i}`, (mjd(20 + i) as number) + 1e-3)),
      );
      assert.ok(Math.abs(((await newest())?.cadenceSeconds ?? 0) - 1400) < 1e-3);
      const later = stored('/in/later', FIRST_MJD + 5);
      await elsewhere.record([later]);
      assert.deepEqual(await newest(), {
        newestMjdUtc: FIRST_MJD + 3,
        isBefore: true,
        cadenceSeconds: undefined,
      });
    });
}
