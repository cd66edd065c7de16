/** `npm start`, on a machine of the test's own: nothing of it is left in the repository, and there is no network. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../helpers/needs.js';
import { Site } from '../helpers/site.js';
import { waitFor } from '../helpers/wait.js';
import { root } from '../helpers/workspace.js';

test(
  'npm start runs the monitor and the page, says where to look, and ends all of it',
  needs('container'),
  async (t) => {
    const site = await Site.boot(t);
    const sh = async (script: string) => (await site.run(script)).stdout.trim();
    // An earlier clone had a database in the same place, and this host remembers it.
    await sh(`cd ${root} && mkdir -p demo/state && node dist/cli.js backfill test/fixtures/dsa110 demo/state/products.sqlite3
      rm -r demo`);
    await site.run(
      `systemd-run --quiet --unit=demo --working-directory=${root} --property=StandardOutput=file:/root/said \\
       --property=KillSignal=SIGINT --setenv=HOME=/root npm start`,
    );
    const said = async (pattern: RegExp) =>
      waitFor(
        String(pattern),
        async () => {
          const text = await sh('cat /root/said');
          assert.equal(
            await sh('systemctl is-active demo'),
            'active',
            `${text}\n${await sh('journalctl --unit=demo')}`,
          );
          return pattern.exec(text);
        },
        120,
      );
    const [, page] = await said(/^ {2}page +(http:\S+)$/m);
    const [, database] = await said(/^ {2}database +(\S+)$/m);
    const [, status] = await said(/^ {2}status +(\S+)$/m);
    await said(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}RA +\d+\.\d{4} {2}Dec +-?\d+\.\d{4}$/m);
    assert.match(await sh(`curl --silent ${page}`), /<title>.*pointing/i);
    await waitFor(
      'a day of rows',
      async () => Number(await sh(`sqlite3 ${database} 'SELECT count(*) FROM pointing_history'`)) >= 280,
    );
    await waitFor('health', async () => (await sh(`jq .healthy ${status}`)) === 'true');

    await sh('systemctl stop demo');
    assert.equal(await sh(`jq .running ${status}`), 'false');
    assert.equal(await sh('pgrep --full "[d]ist/cli.js|[c]orrelator-simulator" || true'), '');
    assert.match(await sh('tail -1 /root/said'), /stopping$/);
  },
);
