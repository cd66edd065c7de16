import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import watcher from '@parcel/watcher';
import { Events } from '#src/ingest/watch/events.js';
import { StatGate } from '#src/ingest/watch/stat-gate.js';
import { waitFor } from '../../helpers/wait.js';
import { workspace } from '../../helpers/workspace.js';

/** The sub-bands of which files gave events, at least so many that match, after all 16 of an observation came by rename. */
async function seenOf(test: Parameters<typeof workspace>[0], pattern: string, expected = 1) {
  const { incoming, path: outside } = workspace(test);
  const files: string[] = [];
  const others: string[] = [];
  const subBand = (path: string) => /_sb(\d\d)/.exec(path)?.[1] ?? 'last';
  const events = new Events(incoming, pattern, new StatGate(5, { directory: incoming, followLinks: false }), {
    onFile: (path) => files.push(subBand(path)),
    onOtherFile: (path) => others.push(subBand(path)),
    onUncertain: () => {},
    onIssue: ({ message }) => assert.fail(message),
  });
  test.after(() => events.close());
  await events.resubscribe(incoming, []);
  const names = Array.from(
    { length: 16 },
    (_, i) => `2025-10-04T15:12:13_sb${String(15 - i).padStart(2, '0')}.hdf5`,
  );
  for (const name of names) {
    writeFileSync(join(outside, name), '');
    renameSync(join(outside, name), join(incoming, name));
  }
  let tries = 0;
  await waitFor('the last events', () => {
    if (others.includes('last') && new Set(files).size >= expected) return true;
    const now = new Date();
    for (const name of names) utimesSync(join(incoming, name), now, now);
    writeFileSync(join(incoming, `last ${tries++}`), '');
    return false;
  });
  return { files: [...new Set(files)].sort(), others: others.filter((each) => each !== 'last').sort() };
}

test('of the sub-bands that are not read one gives events, for all that are read', async (t) => {
  for (const [pattern, read, other] of [
    ['*_sb00.hdf5', '00', '01'],
    ['*_sb15.hdf5', '15', '00'],
  ] as const) {
    let seen = await seenOf(t, pattern);
    // The watcher loses an event that comes while it delivers others.
    for (let tries = 1; tries < 3 && seen.others.length === 0; tries++) seen = await seenOf(t, pattern);
    assert.deepEqual(seen, { files: [read], others: [other] });
  }
  assert.equal((await seenOf(t, '*.hdf5', 16)).files.length, 16);
});

/** Events that fail as `watcher.subscribe` is told to, and give up a step soon. */
function eventsWith(test: Parameters<typeof workspace>[0], subscribe: typeof watcher.subscribe) {
  const { incoming } = workspace(test);
  const { mock: replaced } = mock.method(watcher, 'subscribe', subscribe);
  // A limit on a step keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  test.after(() => {
    clearInterval(alive);
    replaced.restore();
  });
  const issues: string[] = [];
  const events = new Events(
    incoming,
    '*.hdf5',
    new StatGate(5, { directory: incoming, followLinks: false }),
    {
      onFile: () => {},
      onOtherFile: () => {},
      onUncertain: () => {},
      onIssue: ({ message }) => issues.push(message),
    },
    0.1,
  );
  return { events, incoming, issues };
}

test('a watcher that does not let go of its subscription holds nobody up', async (t) => {
  let letGo = () => {};
  const kept = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { events, incoming, issues } = eventsWith(t, async () => ({ unsubscribe: () => kept }));
  await events.resubscribe(incoming, []);
  assert.equal(events.subscribed, true);
  await events.resubscribe(incoming, []);
  assert.equal(events.hangs, true);
  assert.equal(events.subscribed, false);
  assert.match(issues[0] ?? '', /ending the earlier subscription is still running after 0\.1 s/);
  letGo();
  await waitFor('the watcher', () => !events.hangs);
  await events.resubscribe(incoming, []);
  assert.equal(events.subscribed, true);
});

test('a directory that is removed while the watcher reads the tree does not end the subscription', async (t) => {
  let failures = 2;
  const { events, incoming, issues } = eventsWith(t, async () => {
    if (failures-- > 0) throw new Error('No such file or directory');
    return { unsubscribe: async () => {} };
  });
  await events.resubscribe(incoming, []);
  assert.equal(events.subscribed, true);
  assert.deepEqual(issues, []);
  failures = 3;
  await events.resubscribe(incoming, []);
  assert.equal(events.subscribed, false);
  assert.match(issues[0] ?? '', /No such file/);
});

test('subscribing again and again leaves no process and no descriptor behind', async (t) => {
  const { incoming } = workspace(t);
  const gate = new StatGate(5, { directory: incoming, followLinks: false });
  const events = new Events(incoming, '*.hdf5', gate, {
    onFile: () => {},
    onOtherFile: () => {},
    onUncertain: () => {},
    onIssue: ({ message }) => assert.fail(message),
  });
  t.after(() => events.close());
  await events.resubscribe(incoming, []);
  const left = () => ({
    descriptors: readdirSync('/proc/self/fd').length,
    children: readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8'),
  });
  const before = left();
  for (let i = 0; i < 5; i++) await events.resubscribe(incoming, []);
  assert.deepEqual(left(), before);
});

test('after ten failures in a row the watcher is asked seldom', async (t) => {
  const { events, incoming } = eventsWith(t, async () => {
    throw new Error('Input/output error');
  });
  for (let i = 0; i < 10; i++) {
    assert.equal(events.mayTryAgain, true);
    await events.resubscribe(incoming, []);
  }
  assert.equal(events.mayTryAgain, false);
});
