import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { HostSummary } from '#src/health/hosts.js';
import { STOPPED } from '#src/health/report.js';
import { openBrowser, openPage, screenshot } from '../helpers/browser.js';
import { cli, finished, spawnCli } from '../helpers/cli.js';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { Postgres, queryAt } from '../helpers/postgres.js';
import { simulate } from '../helpers/simulator.js';
import { cliOnTerminal, hasTerminals } from '../helpers/terminal.js';
import { waitFor, waitForText } from '../helpers/wait.js';
import { workspace } from '../helpers/workspace.js';

/** A monitor of a host of that name, on a directory of its own. */
function startHost(t: TestContext, host: string, productsDb: string) {
  const { incoming, statusFile } = workspace(t);
  const monitor = spawnCli(
    ['monitor', incoming, productsDb, '--status-file', statusFile, '--reconcile-interval', '2'],
    {
      PIPELINE_HOST: host,
    },
  );
  const ended = finished(monitor);
  t.after(async () => {
    monitor.kill('SIGKILL');
    await ended;
  });
  const stop = () => {
    monitor.kill('SIGTERM');
    return ended;
  };
  return { incoming, monitor, stop };
}

async function allHosts(productsDb: string): Promise<{ code: number | null; hosts: HostSummary[] }> {
  const { code, stdout } = await cli(['status', productsDb, '--all', '--json']);
  return {
    code,
    hosts: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

const healthyHosts = (productsDb: string, names: readonly string[], files: number) =>
  waitFor(`healthy ${names}`, async () => {
    const { code, hosts } = await allHosts(productsDb);
    const read = hosts.reduce((sum, { files_succeeded }) => sum + (files_succeeded ?? 0), 0);
    return code === 0 && hosts.length === names.length && read === files && hosts;
  });

test(
  'several hosts, one history: each one’s files and health, and what both saw once',
  needs('postgres', 'browser'),
  async (t) => {
    const postgres = await Postgres.start(t);
    const productsDb = await postgres.database();
    assert.equal((await cli(['status', productsDb, '--all'])).code, 2);
    const [north, south] = [startHost(t, 'north', productsDb), startHost(t, 'south', productsDb)];
    const files = simulate(join(workspace(t).path, 'made'), ['--count', '6']);
    const arrive = (incoming: string, from: number, to: number) => {
      for (const file of files.slice(from, to)) copyFileSync(file, join(incoming, basename(file)));
    };
    // The third and fourth observations reach both hosts.
    arrive(north.incoming, 0, 4);
    arrive(south.incoming, 2, 6);
    await healthyHosts(productsDb, ['north', 'south'], 8);
    assert.deepEqual(
      await queryAt(
        productsDb,
        'SELECT count(*)::int AS rows, count(DISTINCT timestamp)::int AS times FROM pointing_history',
      ),
      [{ rows: 6, times: 6 }],
    );
    assert.deepEqual(
      await queryAt(
        productsDb,
        'SELECT host, count(*)::int AS files FROM pointing_files GROUP BY host ORDER BY host',
      ),
      [
        { host: 'north', files: 4 },
        { host: 'south', files: 4 },
      ],
    );

    const server = spawnCli(['serve', productsDb, '--port', '0']);
    const served = finished(server);
    t.after(async () => {
      server.kill('SIGKILL');
      await served;
    });
    let address = '';
    server.stdout?.on('data', (chunk) => {
      address += chunk;
    });
    const url = await waitFor('the address', () => /^http\S+/.exec(address)?.[0]);
    const get = async (path: string) =>
      (await fetch(new URL(path, url))).json() as Promise<Record<string, unknown>>;
    const events = new AbortController();
    t.after(() => events.abort());
    const stream = (
      await fetch(new URL('api/pointing/events', url), { signal: events.signal })
    ).body?.getReader();
    assert.ok(stream);
    let heard = '';
    void (async () => {
      for (let piece = await stream.read(); !piece.done; piece = await stream.read())
        heard += Buffer.from(piece.value).toString();
    })().catch(() => {});

    const status = await get('api/pointing-monitor/status');
    assert.equal(status.healthy, true);
    assert.deepEqual(
      (status.hosts as HostSummary[]).map(({ host }) => host),
      ['north', 'south'],
    );
    assert.equal((await get('api/pointing-monitor/status?host=south')).watch_dir, south.incoming);
    assert.equal((await fetch(new URL('api/pointing-monitor/status?host=east', url))).status, 400);
    const metrics = await (await fetch(new URL('metrics', url))).text();
    for (const host of ['north', 'south']) {
      assert.match(metrics, new RegExp(`^pointing_monitor_healthy{host="${host}"} 1$`, 'm'));
      assert.match(
        metrics,
        new RegExp(`^pointing_monitor_files_processed_total{host="${host}",result="succeeded"} 4$`, 'm'),
      );
      assert.match(metrics, new RegExp(`^pointing_monitor_extraction_seconds_count{host="${host}"} 4$`, 'm'));
    }

    // A row of another program is news, too: the database notifies, nobody polls.
    await queryAt(productsDb, 'INSERT INTO pointing_history VALUES (61000.5, 10, 20)');
    await waitFor('the event', () => /event: observation\ndata: {"timestamp":61000.5/.test(heard));

    const { page, complaints } = await openPage(await openBrowser(t), url);
    await page.locator('#monitor-line', { hasText: '2 hosts, 0 unhealthy' }).click();
    await waitForText(
      'the files of both',
      () => page.locator('#counters').innerText(),
      /Files on disk\s+8\s+· stored\s+8\s+· waiting\s+0\s+· failed\s+0\s+· unaccounted\s+0\s/,
    );
    assert.match(
      await page.locator('#monitor-line').innerText(),
      /^2\shosts, 0\sunhealthy; 8\sfiles on disk: 8\sstored, 0\swaiting, 0\sfailed, 0\sunaccounted$/,
    );
    await waitFor('both hosts on the page', async () => {
      const text = await page.locator('#hosts').innerText();
      return text.includes('north') && text.includes('south');
    });
    const { code } = await south.stop();
    assert.equal(code, 0);
    const after = await allHosts(productsDb);
    assert.equal(after.code, 1);
    assert.deepEqual(
      after.hosts.map(({ host, running, healthy, issues }) => [host, running, healthy, issues]),
      [
        ['south', false, false, [STOPPED.message]],
        ['north', true, true, []],
      ],
    );
    const worse = await waitFor('the issue in the API', async () => {
      const now = await get('api/pointing-monitor/status');
      return now.healthy === false && now;
    });
    assert.equal(worse.running, true);
    assert.deepEqual(worse.issues, [`south: ${STOPPED.message}`]);
    assert.equal((await fetch(new URL('healthz', url))).status, 503);
    await waitFor('the issue on the page', async () =>
      (await page.locator('#issues').innerText()).includes(`south: ${STOPPED.message}`),
    );
    await screenshot(page, 'many-hosts');
    assert.deepEqual(complaints, []);
    const table = await cli(['status', productsDb, '--all']);
    assert.match(
      table.stdout,
      /^host +state +age .*\nsouth +stopped .*\n {2}the monitor has stopped: start it, [^~]*\nnorth +healthy /,
    );
    if (hasTerminals) {
      const { output } = cliOnTerminal(['status', productsDb, '--all'], 80);
      assert.match(
        output,
        /host +state +.* newest.*\nsouth +stopped .*\n {2}the monitor has stopped: start it, [^~]*\nnorth /,
      );
    }
  },
);

test(
  'a host whose status file is another host’s publishes its status all the same',
  needs('postgres'),
  async (t) => {
    const productsDb = await (await Postgres.start(t)).database();
    const { statusFile } = workspace(t);
    const start = (host: string) =>
      new Monitor(t, { ...workspace(t), productsDb, statusFile }, [], { env: { PIPELINE_HOST: host } });
    await start('north').healthy();
    start('south');
    const issues = await waitFor('both hosts’ statuses', async () => {
      const rows = await queryAt<{ status: string }>(
        productsDb,
        'SELECT status::text AS status FROM pointing_monitors ORDER BY host',
      );
      return rows.length === 2 && rows.map(({ status }) => JSON.parse(status).issue_codes.join());
    });
    assert.equal(issues[0], '');
    assert.match(issues[1] ?? '', /status_file_kept/);
  },
);

test('the password of a database is nowhere to be read', needs('postgres'), async (t) => {
  const postgres = await Postgres.start(t);
  const productsDb = await postgres.database();
  const secret = `${productsDb}&password=hunter2`;
  const { incoming, statusFile } = workspace(t);
  const monitor = spawnCli([
    'monitor',
    incoming,
    secret,
    '--status-file',
    statusFile,
    '--log-level',
    'DEBUG',
  ]);
  const ended = finished(monitor);
  t.after(() => monitor.kill('SIGKILL'));
  const [row] = await waitFor('its status', () =>
    queryAt<{ status: string }>(productsDb, 'SELECT status::text AS status FROM pointing_monitors').then(
      (rows) => (rows.length > 0 ? rows : undefined),
      () => undefined,
    ),
  );
  let log = '';
  monitor.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  await queryAt(productsDb, 'DROP TABLE pointing_history, pointing_files');
  await waitFor('the dropped tables in its log', () => log.includes('was deleted or replaced'));
  await postgres.end();
  const file = await waitFor('the problem in the status file', () => {
    const text = readFileSync(statusFile, 'utf8');
    return text.includes('cannot be reached') && text;
  });
  monitor.kill('SIGTERM');
  const { stdout, stderr } = await ended;
  for (const text of [row?.status ?? '', file, stdout, stderr]) {
    assert.match(text || 'products', /products/);
    assert.ok(!text.includes('hunter2'), text);
  }
});
