import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TreeWatch } from '#src/ingest/watch/tree-watch.js';
import { createLogger } from '#src/log/logger.js';
import { simulate } from '../../helpers/simulator.js';
import { waitFor } from '../../helpers/wait.js';
import { workspace } from '../../helpers/workspace.js';

test('a scan that stands still is known, and does not hold up the end', async (t) => {
  const { incoming } = workspace(t);
  simulate(incoming, ['--count', '1']);
  let asked = false;
  const watch = new TreeWatch(
    {
      directory: incoming,
      pattern: '*_sb00.hdf5',
      followLinks: false,
      events: false,
      scanIntervalSeconds: 1,
    },
    {
      onEvent: () => {},
      onOtherFile: () => {},
      onScan: async () => 'new',
      onListed: () => {},
      onScanned: async () => {},
      onRecovered: () => {},
      log: createLogger('ERROR'),
      // As of a file system that hangs.
      store: {
        classify: () => {
          asked = true;
          return new Promise(() => {});
        },
      },
    },
  );
  assert.equal(watch.scanStandsStillSeconds, undefined);
  watch.start();
  await waitFor('the scan', () => asked);
  await waitFor('its standing still', () => (watch.scanStandsStillSeconds ?? 0) > 1);
  await watch.stop();
  assert.ok((watch.scanStandsStillSeconds ?? 0) > 1);
});
