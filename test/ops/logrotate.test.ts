import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Monitor } from '../helpers/monitor.js';
import { needs } from '../helpers/needs.js';
import { findProgram } from '../helpers/tools.js';
import { waitFor } from '../helpers/wait.js';
import { root, workspace } from '../helpers/workspace.js';

const CONFIGURATION = readFileSync(join(root, 'ops/logrotate/pointing-monitor'), 'utf8');
const STATE = '/data/dsa110-contimg/state';

const logrotate = (args: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(findProgram('logrotate') as string, args, { encoding: 'utf8', env });

test(
  'logrotate rotates the logs of a running monitor, which goes on in the new ones',
  needs('root', 'logrotate'),
  async (t) => {
    const space = workspace(t);
    const { path, incoming } = space;
    const logs = join(path, 'logs');
    const out = join(logs, 'pointing-monitor.out');
    // The user of the units need not exist where tests run.
    const configuration = join(path, 'logrotate.conf');
    writeFileSync(
      configuration,
      CONFIGURATION.replaceAll(STATE, path).replaceAll('contimg contimg', 'root root'),
      {
        mode: 0o644,
      },
    );
    const monitor = new Monitor(t, space, [
      '--log-file',
      out,
      '--reconcile-interval',
      '1',
      '--health-check-interval',
      '1',
    ]);
    await monitor.healthy();

    // Stands in for systemd, which does not run here: it does what it is asked to, and only that.
    const systemctl = join(path, 'systemctl');
    const asked = 'kill --kill-who=main --signal=HUP contimg-pointing-monitor.service';
    writeFileSync(
      systemctl,
      `#!/bin/sh\n[ "$*" = "${asked}" ] || exit 1\nexec /bin/kill -HUP ${monitor.process.pid}\n`,
    );
    chmodSync(systemctl, 0o755);
    const env = { ...process.env, PATH: `${path}:${process.env.PATH}` };
    const rotate = () => {
      const { status, stdout, stderr } = logrotate(
        ['--force', '--state', join(path, 'rotated'), configuration],
        env,
      );
      assert.equal(`${status} ${stdout}${stderr}`, '0 ');
    };

    const err = join(logs, 'pointing-monitor.err');
    const text = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    const warnOf = async (name: string) => {
      // By a rename, so that it is read once.
      writeFileSync(join(path, name), 'this is text');
      renameSync(join(path, name), join(incoming, name));
      await waitFor(`${name} in both logs`, () => [out, err].every((file) => text(file).includes(name)));
    };

    await warnOf('first_sb00.hdf5');
    rotate();
    await warnOf('second_sb00.hdf5');
    for (const file of [out, err]) {
      assert.match(text(`${file}.1`), /first_sb00/);
      assert.doesNotMatch(text(`${file}.1`), /second_sb00/);
      assert.doesNotMatch(text(file), /first_sb00/);
    }
    rotate();
    await warnOf('third_sb00.hdf5');
    assert.ok(readdirSync(logs).includes('pointing-monitor.out.2.gz'));
    assert.equal((await monitor.stop()).code, 0);
    assert.match(text(out), / INFO {4}pointing monitor stopped$/m);
    // A monitor that does not run is no problem.
    rotate();
  },
);

test('logrotate understands the configuration', needs('root', 'logrotate'), (t) => {
  const { path } = workspace(t);
  const configuration = join(path, 'logrotate.conf');
  const parse = (text: string) => {
    writeFileSync(configuration, text.replaceAll('contimg contimg', 'root root'), { mode: 0o644 });
    return logrotate(['--debug', '--state', join(path, 'rotated'), configuration]);
  };
  const { status, stderr } = parse(CONFIGURATION);
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /^(error|warning(?!: logrotate in debug mode))/m);
  assert.match(stderr, new RegExp(`considering log ${STATE}/logs/pointing-monitor\\.out$`, 'm'));
  assert.match(parse(CONFIGURATION.replace('daily', 'dayly')).stderr, /^(error|warning): .*dayly/m);
});
