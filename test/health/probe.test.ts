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
    await store.record([observation(12)]);
    await probe.ask();
    assert.equal(probe.snapshot().cadenceSeconds, undefined);
    await store.record(Array.from({ length: 12 }, (_, i) => observation(i)));
    await probe.ask();
    assert.ok(Math.abs((probe.snapshot().cadenceSeconds ?? 0) - 700) < 1e-3);
  });

  if (name === 'PostgreSQL')
    test('of hosts that share a database, each is asked for its own newest observation', async (t) => {
      const database = await create(t);
      const [here, elsewhere] = [await database.store(), await database.store({ host: 'elsewhere' })];
      const probe = new DatabaseProbe(here, {}, 'here');
      const newest = async () => {
        await probe.ask();
        return probe.snapshot().newestOfHost;
      };
      assert.equal(await newest(), undefined);
      await here.record([observation(0)]);
      await elsewhere.record([observation(10)]);
      assert.deepEqual(await newest(), {
        mjdUtc: observation(0).outcome.pointing?.midTimeMjdUtc,
        isBefore: false,
      });
      assert.equal(probe.snapshot().newest?.timestamp, observation(10).outcome.pointing?.midTimeMjdUtc);
      const later = stored('/in/later', FIRST_MJD + 5);
      await elsewhere.record([later]);
      assert.deepEqual(await newest(), { mjdUtc: FIRST_MJD + 3, isBefore: true });
    });
}
