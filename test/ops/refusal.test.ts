import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/workspace.js';

const LIBRARY = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
/** As Node 24 said it. */
const OTHER_NODE = `The module '/srv/pointing-monitor/${LIBRARY}'
was compiled against a different Node.js version using
NODE_MODULE_VERSION 115. This version of Node.js requires
NODE_MODULE_VERSION 137. Please try re-compiling or re-installing
the module (for instance, using \`npm rebuild\` or \`npm install\`).`;
const RUNNING = { node: 'v24.21.0', path: '/usr/bin/node' };

test('a library that was built for another Node: both are named, and the commands for either', async () => {
  const { refusal } = await import(join(root, 'ops/site/refusal.mjs'));
  assert.equal(
    refusal(LIBRARY, OTHER_NODE, { node: 'v20.20.0', path: '/opt/node/bin/node' }, RUNNING),
    `${LIBRARY} was built for /opt/node/bin/node (v20.20.0), and this runs in /usr/bin/node (v24.21.0): ` +
      'run "env PATH=/opt/node/bin:$PATH ops/install", or set up again with /usr/bin/node',
  );
  assert.equal(
    refusal(LIBRARY, OTHER_NODE, undefined, RUNNING),
    `${LIBRARY} was built for another Node than /usr/bin/node (v24.21.0): run "node ops/setup.mjs" with this one`,
  );
});
