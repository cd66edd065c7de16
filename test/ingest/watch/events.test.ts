import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Events } from '#src/ingest/watch/events.js';
import { StatGate } from '#src/ingest/watch/stat-gate.js';
import { waitFor } from '../../helpers/wait.js';
import { workspace } from '../../helpers/workspace.js';

/** The sub-bands of which files gave events, after all 16 of an observation came by rename. */
async function seenOf(test: Parameters<typeof workspace>[0], pattern: string) {
  const { incoming, path: outside } = workspace(test);
  const files: string[] = [];
  const others: string[] = [];
  const subBand = (path: string) => /_sb(\d\d)/.exec(path)?.[1] ?? path.slice(-4);
  const events = new Events(incoming, pattern, new StatGate(5, { directory: incoming, followLinks: false }), {
    onFile: (path) => files.push(subBand(path)),
    onOtherFile: (path) => others.push(subBand(path)),
    onUncertain: () => {},
    onIssue: ({ message }) => assert.fail(message),
  });
  test.after(() => events.close());
  await events.resubscribe(incoming, []);
  for (let i = 15; i >= 0; i--) {
    const name = `2025-10-04T15:12:13_sb${String(i).padStart(2, '0')}.hdf5`;
    writeFileSync(join(outside, name), '');
    renameSync(join(outside, name), join(incoming, name));
  }
  writeFileSync(join(incoming, 'last'), '');
  await waitFor('the last event', () => others.includes('last'));
  return { files: [...new Set(files)].sort(), others: others.filter((each) => each !== 'last').sort() };
}

test('of the sub-bands that are not read one gives events, for all that are read', async (t) => {
  assert.deepEqual(await seenOf(t, '*_sb00.hdf5'), { files: ['00'], others: ['01'] });
  assert.deepEqual(await seenOf(t, '*_sb15.hdf5'), { files: ['15'], others: ['00'] });
  assert.equal((await seenOf(t, '*.hdf5')).files.length, 16);
});
