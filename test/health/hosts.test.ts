import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsOf, worstOf } from '#src/health/hosts.js';

const HOUR_SECONDS = 3600;

/** What is said of all hosts together, of which each runs or was stopped, and wrote its status so long ago. */
function together(...hosts: readonly { readonly running: boolean; readonly ageSeconds: number }[]) {
  const statuses = hosts.map(({ running, ageSeconds }, i) => ({
    host: `host${i}`,
    json: JSON.stringify({ running, healthy: running, issues: [], timestamp: 1_759_590_000 }),
    ageSeconds,
  }));
  const worst = worstOf(hostsOf(statuses));
  assert.ok(worst && !('error' in worst));
  const { running, healthy, stale } = worst;
  return { running, healthy, stale };
}

test('some host observes unless each was stopped or hangs', () => {
  const fresh = { running: true, ageSeconds: 1 };
  const hanging = { running: true, ageSeconds: HOUR_SECONDS };
  const stopped = { running: false, ageSeconds: HOUR_SECONDS };
  assert.deepEqual(together(fresh, fresh), { running: true, healthy: true, stale: false });
  for (const other of [hanging, stopped])
    assert.deepEqual(together(other, fresh), { running: true, healthy: false, stale: false });
  assert.deepEqual(together(hanging, stopped), { running: true, healthy: false, stale: true });
  assert.deepEqual(together(stopped, stopped), { running: false, healthy: false, stale: true });
});
