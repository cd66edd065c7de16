import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Finished } from './cli.js';
import { waitFor } from './wait.js';

/**
 * What this system looks like is laid over itself, so that the machine in the container is this one, and all that is written
 * there is gone with it. It has a network of its own with nothing but a loopback device.
 */
const BOOT = `set -eu
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
echo 0123456789abcdef0123456789abcdef > "$1/root/etc/machine-id"
exec systemd-nspawn --quiet --directory="$1/root" --register=no --keep-unit --private-network --machine=site --console=pipe \\
  --boot systemd.unit=basic.target`;

/** Why no site can be booted here; undefined where one can. */
export const whyNoSite: string | undefined =
  process.getuid?.() === 0 ? undefined : 'needs root to boot a container';

/** A whole machine with systemd as its first process, in a container; ended with the test. */
export class Site {
  readonly #leader: number;

  private constructor(leader: number) {
    this.#leader = leader;
  }

  static async boot(test: TestContext): Promise<Site> {
    const directory = mkdtempSync(join(tmpdir(), 'pointing-site-'));
    const container = spawn('unshare', ['--mount', 'bash', '-c', BOOT, 'boot', directory], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = new Promise((resolve) => container.once('exit', resolve));
    test.after(async () => {
      container.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    });
    const leader = await waitFor('the container', () => {
      if (container.exitCode !== null) throw new Error('the container could not be started');
      return firstSystemd(container.pid as number);
    });
    const site = new Site(leader);
    await waitFor('systemd', async () =>
      /running|degraded/.test((await site.run('systemctl is-system-running')).stdout),
    );
    await site.run('mkdir -p /root && ip link set lo up');
    return site;
  }

  /** Runs a script of bash in it, as root, to its end. */
  run(script: string, environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
    const args = ['--target', String(this.#leader), '--all', '--wdns=/root', 'bash', '-c', script];
    const env = {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      ...environment,
    };
    return new Promise((resolve) =>
      execFile('nsenter', args, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr }),
      ),
    );
  }
}

/** The first process of the container, once it is systemd itself and no more the program that prepares for it. */
function firstSystemd(nspawn: number): number | undefined {
  try {
    const child = readFileSync(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8').trim().split(' ')[0];
    return child && readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'systemd'
      ? Number(child)
      : undefined;
  } catch {
    return undefined;
  }
}
