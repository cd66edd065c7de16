/** The life of a site by the commands of the documents: change-over with a second writer, backup, restore, move, upgrade, roll-back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Document } from '../helpers/documents.js';
import { needs } from '../helpers/needs.js';
import { Site } from '../helpers/site.js';
import { waitFor } from '../helpers/wait.js';
import { root } from '../helpers/workspace.js';

const STATE = '/data/dsa110-contimg/state';
const MOVED = '/srv/pointing/products.sqlite3';

/** The Python monitor and another program of its user, which owns the database. */
const BEFORE = `
useradd --system --user-group pipeline
mkdir -p /data/incoming ${STATE}
cat > /etc/systemd/system/contimg-pointing-monitor.service << 'END'
[Service]
User=pipeline
Environment=PIPELINE_STATE_DIR=${STATE} PIPELINE_PRODUCTS_DB=${STATE}/products.sqlite3
ExecStart=/usr/bin/sleep infinity
END
sqlite3 ${STATE}/products.sqlite3 "CREATE TABLE pointing_history (timestamp REAL PRIMARY KEY, ra_deg REAL, dec_deg REAL);
  CREATE TABLE theirs (note TEXT); INSERT INTO pointing_history VALUES (60900.5, 10, 20)" > /dev/null
chown -R pipeline:pipeline ${STATE}
systemctl daemon-reload
systemctl start contimg-pointing-monitor`;

test(
  'change-over, backup, restore, move, upgrade and roll-back by the documents',
  needs('container', 'sqlite3', 'sudo'),
  async (t) => {
    const site = await Site.boot(t);
    const sh = async (script: string) => {
      const { code, stdout, stderr } = await site.run(`cd ${root}\nset -eu -o pipefail\n${script}`);
      assert.equal(code, 0, `${script}\n${stdout}\n${stderr}`);
      return stdout.trim();
    };
    const documents = {
      install: new Document('docs/install.md'),
      database: new Document('docs/database.md'),
    };
    /** Runs the block that has these words, as printed. */
    const printed = (name: keyof typeof documents, words: string, before = '') => {
      const block = documents[name].blocks.find(({ text }) => text.includes(words));
      assert.ok(block, words);
      return sh(before + block.text);
    };
    let database = `${STATE}/products.sqlite3`;
    const healthy = () =>
      waitFor('a healthy monitor', async () => (await site.run('pointing-monitor status')).code === 0);
    const stored = async () =>
      Number(
        await sh(
          `test -s ${database} && sqlite3 ${database} "SELECT count(*) FROM pointing_files WHERE state = 'stored'" || true`,
        ),
      );
    const arrive = async (name: string, rows: number) => {
      await sh(
        `cp test/fixtures/dsa110/${name} /data/incoming/.part && mv /data/incoming/.part /data/incoming/${name}`,
      );
      await waitFor(`${rows} rows`, async () => (await stored()) === rows);
    };
    const otherWriter = () =>
      sh(`sudo -u pipeline sqlite3 ${database} "INSERT INTO theirs VALUES ('still here')"`);

    await sh(BEFORE);
    assert.match(
      await sh('ops/install'),
      /^next: the old monitor was found: continue with step 2 of "Switch over" .*: systemctl disable --now/m,
    );
    await sh('systemctl disable --now contimg-pointing-monitor.service');
    await sh(`usermod --append --groups pipeline contimg
    chgrp pipeline ${database}* ${STATE} ${STATE}/backups
    chmod g+w ${database}*
    chmod g+ws ${STATE}
    chmod g+s ${STATE}/backups`);
    await sh(
      'sudo -u contimg pointing-monitor doctor --json | jq --exit-status --slurp \'map(select(.check == "database rights" and .state == "ok")) | length == 1\'',
    );
    await printed('install', 'systemctl enable --now contimg-pointing-monitor contimg-pointing-api');
    await healthy();
    await arrive('2025-10-04T15:12:13_sb00.hdf5', 1);
    await otherWriter();
    assert.equal(
      await sh(`stat --format='%G %a' ${database}-wal`),
      await sh(`stat --format='%G %a' ${database}`),
    );

    await printed('database', 'systemctl enable --now contimg-pointing-backup.timer');
    await waitFor('the backup', async () => (await sh(`ls ${STATE}/backups | wc -l`)) === '1');
    assert.equal(
      await sh(`stat --format='%U:%G %a' ${STATE}/backups/*`),
      `contimg:${await sh(`stat --format='%G %a' ${database}`)}`,
    );
    await printed('database', 'pointing-monitor backup /data');
    await arrive('2025-10-04T15:17:22_sb00.hdf5', 2);
    const owner = await sh(`stat --format='%U:%G %a' ${database}`);
    await sh('systemctl stop contimg-pointing-monitor');
    await sh(
      `dd if=/dev/urandom of=${database} bs=4096 count=3 conv=notrunc status=none; systemctl start contimg-pointing-monitor`,
    );
    await waitFor('the damage', async () =>
      (await site.run('pointing-monitor status')).stdout.includes('is damaged'),
    );
    await printed('database', 'cp /data/dsa110-contimg/state/backup.sqlite3');
    await healthy();
    await waitFor('what the backup lacks', async () => (await stored()) === 2);
    assert.equal(await sh(`stat --format='%U:%G %a' ${database}`), owner);
    await otherWriter();
    assert.equal(await sh(`sqlite3 ${database} 'SELECT count(*) FROM theirs'`), '2');

    await printed('install', 'moving the database');
    database = MOVED;
    await healthy();
    assert.match(await sh('pointing-monitor status'), /^silenced .*moving the database$/m);
    assert.equal(await stored(), 2);
    await arrive('2025-10-04T15:22:31_sb00.hdf5', 3);

    const release = () => sh('readlink /opt/pointing-monitor');
    const first = await release();
    await sh('echo newer >> CHANGELOG.md');
    // It is built already, and there is no network.
    await printed('install', 'npm run setup -- --production\nops/install', 'npm() { :; }\n');
    assert.notEqual(await release(), first);
    await healthy();
    await sh(`sqlite3 ${database} "INSERT INTO pointing_migrations VALUES (99, '9.9.9', 0)"`);
    const refused = await site.run('/opt/pointing-monitor/ops/install --rollback');
    assert.match(
      refused.stderr,
      /the earlier release cannot use the database: .*is newer than this program.* Restore a backup/,
    );
    await sh(`sqlite3 ${database} 'DELETE FROM pointing_migrations WHERE number = 99'`);
    // Why one goes back: the services have failed, and systemd refuses to start them again.
    await sh(`for service in monitor api; do
      mkdir --parents /run/systemd/system/contimg-pointing-$service.service.d
      printf '%s\\n' '[Unit]' 'StartLimitBurst=1' > /run/systemd/system/contimg-pointing-$service.service.d/limit.conf
    done
    systemctl daemon-reload
    sed -i 's/^CONTIMG_LOG_LEVEL=.*/CONTIMG_LOG_LEVEL=LOUD/' /etc/contimg/contimg.env
    ! systemctl restart contimg-pointing-monitor contimg-pointing-api
    sed -i 's/^CONTIMG_LOG_LEVEL=.*/CONTIMG_LOG_LEVEL=INFO/' /etc/contimg/contimg.env
    ! systemctl start contimg-pointing-monitor`);
    assert.match(
      await sh('ops/install'),
      /^next: systemctl reset-failed 'contimg-pointing-\*', then: systemctl restart contimg-pointing-monitor\.service /m,
    );
    await printed('install', '--rollback');
    assert.equal(await release(), first);
    await healthy();
    await arrive('2025-11-07T17:31:12_sb00.hdf5', 4);
  },
);
