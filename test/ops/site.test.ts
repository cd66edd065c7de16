/** The units as they are installed, under a real systemd, with all that it forbids them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../helpers/needs.js';
import { Site } from '../helpers/site.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { root } from '../helpers/workspace.js';

const MONITOR = 'contimg-pointing-monitor.service';
const API = 'contimg-pointing-api.service';
const STATE = '/data/dsa110-contimg/state';
const DATABASE = `${STATE}/products.sqlite3`;

async function bootWithProgram(t: Parameters<typeof Site.boot>[0]) {
  const site = await Site.boot(t);
  /** Runs a script that must succeed, and gives what it printed. */
  const sh = async (script: string) => {
    const { code, stdout, stderr } = await site.run(`set -eu -o pipefail\n${script}`);
    assert.equal(code, 0, `${script}\n${stdout}\n${stderr}`);
    return stdout.trim();
  };
  const arrive = (file: string, name: string) =>
    sh(
      `cp ${root}test/fixtures/${file} /data/incoming/.part && mv /data/incoming/.part /data/incoming/${name}`,
    );
  const count = `sqlite3 ${DATABASE} "SELECT count(*) FROM pointing_files WHERE state = 'stored'"`;
  // None before the monitor has made its tables.
  const rows = () => sh(`test -s ${DATABASE} && ${count} || true`).then(Number);
  const show = (property: string) => sh(`systemctl show --value --property=${property} ${MONITOR}`);
  const healthy = () =>
    waitFor('a healthy monitor', async () => (await site.run('pointing-monitor status')).code === 0);
  const settings = (section: string) =>
    sh(`mkdir -p /etc/systemd/system/${MONITOR}.d
        printf '%s\\n' '[Service]' ${section} > /etc/systemd/system/${MONITOR}.d/test.conf
        systemctl daemon-reload`);
  await sh('mkdir -p /data/incoming');
  const said = await sh(`${root}ops/install`);
  return { site, sh, arrive, rows, show, healthy, settings, said };
}

test(
  'installed on a host: the services run within their bounds, and read, store, serve and log',
  needs('container'),
  async (t) => {
    const { sh, arrive, rows, show, healthy, said } = await bootWithProgram(t);
    assert.match(
      said,
      /^next: .*systemctl enable --now contimg-pointing-monitor\.service contimg-pointing-api\.service contimg-pointing-backup\.timer$/m,
    );
    await sh("sed -i 's/^POINTING_MONITOR_FLAGS=/&--reconcile-interval 2/' /etc/contimg/contimg.env");
    await sh(`systemctl enable --now ${MONITOR} ${API}`);
    await healthy();
    await arrive('dsa110/2025-10-04T15:12:13_sb00.hdf5', '2025-10-04T15:12:13_sb00.hdf5');
    // Of another layout: libhdf5 reads it, in its process with bounds of its own.
    await arrive('uvh5/zen.2459122.25108.sum.uvh5', 'hera_sb00.hdf5');
    await sh('echo text > /data/incoming/.part && mv /data/incoming/.part /data/incoming/bad_sb00.hdf5');
    await waitFor('both rows', async () => (await rows()) === 2);
    assert.equal(await show('User'), 'contimg');
    assert.equal(
      await sh(`stat --format=%U ${DATABASE} ${STATE}/pointing-monitor-status.json`),
      'contimg\ncontimg',
    );
    await waitForText(
      'its words',
      () => show('StatusText'),
      /^healthy; 2 files stored, 1 failed since start; newest 2025-10-04T15:14:4/,
    );
    assert.equal(
      await sh(
        `sqlite3 ${DATABASE} 'SELECT printf("%.4f", ra_deg) FROM pointing_history ORDER BY timestamp DESC LIMIT 1'`,
      ),
      '123.9537',
    );
    const answer = await sh("curl --silent 'http://127.0.0.1:8000/api/pointing_history'");
    assert.equal(JSON.parse(answer).items.length, 2);
    assert.match(await sh(`journalctl --unit=${MONITOR} --priority=warning --output=cat`), /bad_sb00\.hdf5/);
    assert.match(
      await sh(`journalctl --unit=${MONITOR} --priority=info --output=cat`),
      /^pointing monitor starting/m,
    );
    // The files that arrive are not its own to change, nor is the host.
    for (const path of ['/data/incoming/x', '/etc/x', '/opt/pointing-monitor/x']) {
      const writable = await sh(
        `nsenter --mount --target "$(systemctl show --value --property=MainPID ${MONITOR})" touch ${path} 2>&1 || true`,
      );
      assert.match(writable, /Read-only file system/, path);
    }

    await sh('systemctl start contimg-pointing-backfill@2025-10-04');
    await sh(`systemctl stop ${MONITOR} ${API}`);
    assert.equal(await show('Result'), 'success');
    await sh(`${root}ops/uninstall`);
    assert.equal(await sh(`ls /etc/systemd/system /usr/local/bin /opt | grep -c pointing || true`), '0');
    assert.equal(
      await sh(`ls --ignore='*-wal' --ignore='*-shm' ${STATE}`),
      'backups\nknown-databases\nlogs\npointing-monitor-status.json\nproducts.sqlite3',
    );
    // A copy of the file alone is whole.
    assert.equal(
      await sh(`cp ${DATABASE} /root/copy && sqlite3 /root/copy 'SELECT count(*) FROM pointing_files'`),
      '3',
    );
  },
);

test(
  'another disk in the place of the watched one is seen, also where a directory on it is watched',
  needs('container'),
  async (t) => {
    const { sh, rows } = await bootWithProgram(t);
    const insertDisk = (file: string) =>
      sh(`mkdir -p /mnt/corr && mount -t tmpfs tmpfs /mnt/corr && mkdir /mnt/corr/incoming
          cp ${root}test/fixtures/dsa110/${file} /mnt/corr/incoming`);
    await insertDisk('2025-10-04T15:12:13_sb00.hdf5');
    await sh(`sed -i -e 's|^CONTIMG_INPUT_DIR=.*|CONTIMG_INPUT_DIR=/mnt/corr/incoming|' \\
        -e 's/^POINTING_MONITOR_FLAGS=/&--reconcile-interval 2/' /etc/contimg/contimg.env
      ${root}ops/install && systemctl enable --now ${MONITOR} ${API}`);
    await waitFor('the file on the first disk', async () => (await rows()) === 1);
    await sh('umount /mnt/corr');
    await insertDisk('2025-10-04T15:17:22_sb00.hdf5');
    await waitFor('the file on the second disk', async () => (await rows()) === 2);
  },
);

test(
  'a database that is missing at a restart is reported and not made again; what is not ours survives --purge',
  needs('container'),
  async (t) => {
    const { site, sh, arrive, rows, healthy } = await bootWithProgram(t);
    await sh(`systemctl enable --now ${MONITOR}`);
    await arrive('dsa110/2025-10-04T15:12:13_sb00.hdf5', '2025-10-04T15:12:13_sb00.hdf5');
    await waitFor('the row', async () => (await rows()) === 1);
    await sh(`systemctl stop ${MONITOR}
      mv ${STATE} ${STATE}.away
      install --directory --owner=contimg --group=contimg ${STATE}
      systemctl start ${MONITOR}`);
    await waitFor('the issue', async () =>
      (await site.run('pointing-monitor status --json')).stdout.includes('"database_missing"'),
    );
    await sh(`test ! -e ${DATABASE}`);
    // By hand no empty one is made either.
    const { code, stderr } = await site.run('sudo -u contimg pointing-monitor backfill');
    assert.equal(code, 1, stderr);
    assert.match(stderr, /although this host has stored observations in it/);
    await sh(
      `systemctl stop ${MONITOR}; rm -r ${STATE}; mv ${STATE}.away ${STATE}; systemctl start ${MONITOR}`,
    );
    await healthy();

    // The Python monitor is back in its place, and an earlier removal was interrupted.
    await sh(`systemctl stop ${MONITOR}
      printf '%s\\n' '[Service]' 'ExecStart=/usr/bin/sleep infinity' > /etc/systemd/system/${MONITOR}
      rm /etc/systemd/system/contimg-pointing-backup.service
      systemctl daemon-reload
      systemctl start ${MONITOR}
      ${root}ops/uninstall --purge
      systemctl is-active ${MONITOR}
      test ! -e /var/lib/pointing-monitor`);
    assert.equal((await site.run('id contimg')).code, 1);
  },
);

test(
  'systemd starts it again when it is killed, and when its watchdog is not fed; not when its settings are wrong',
  needs('container'),
  async (t) => {
    const { site, sh, arrive, rows, show, healthy, settings } = await bootWithProgram(t);
    await settings('RestartSec=100ms WatchdogSec=6');
    await sh(`systemctl start ${MONITOR}`);
    await healthy();
    await sh(`systemctl kill --kill-who=main --signal=KILL ${MONITOR}`);
    await waitFor(
      'the second start',
      async () => (await show('NRestarts')) === '1' && (await show('ActiveState')) === 'active',
    );
    await arrive('dsa110/2025-10-04T15:12:13_sb00.hdf5', '2025-10-04T15:12:13_sb00.hdf5');
    await waitFor('the row', async () => (await rows()) === 1);
    await healthy();

    await sh(`mv ${DATABASE} /data/away && mkdir ${DATABASE}`);
    await waitFor('a third start', async () => Number(await show('NRestarts')) >= 2);
    assert.match(await sh(`journalctl --unit=${MONITOR} --output=cat`), /Watchdog timeout/);
    await sh(`rmdir ${DATABASE} && mv /data/away ${DATABASE}`);
    await arrive('dsa110/2025-10-04T15:17:22_sb00.hdf5', '2025-10-04T15:17:22_sb00.hdf5');
    await waitFor('both rows', async () => (await rows()) === 2);
    await healthy();

    await sh(
      `systemctl stop ${MONITOR}; systemctl reset-failed ${MONITOR} || true; echo CONTIMG_LOG_LEVEL=LOUD >> /etc/contimg/contimg.env`,
    );
    await site.run(`systemctl start ${MONITOR}`);
    await waitFor('the failure', async () => (await show('ActiveState')) === 'failed');
    assert.deepEqual([await show('NRestarts'), await show('ExecMainStatus')], ['0', '2']);
    assert.match(
      await sh(`journalctl --unit=${MONITOR} --output=cat`),
      /CONTIMG_LOG_LEVEL LOUD: expected DEBUG/,
    );
  },
);
