import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Finished } from './cli.js';
import { waitFor } from './wait.js';
import { root } from './workspace.js';

/**
 * What this system looks like is laid over itself, so that the machine in the container is this one, and all that is written
 * there is gone with it. So is what is written into the repository, which may lie where the container has something of its own, as
 * below /tmp. It has a network of its own with nothing but a loopback device, and control groups of its own, or two
 * containers would take each other's services for theirs. Since version 256 systemd wants to be told that the machine may
 * have control groups of version 1.
 */
const BOOT = `set -eu
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
  if [ -e "$hierarchy/cgroup.procs" ]; then
    mkdir "$hierarchy/$2"
    echo $$ > "$hierarchy/$2/cgroup.procs"
  fi
done
mount -t tmpfs tmpfs "$1"
over() {
  mkdir "$1/$2" "$1/$2.upper" "$1/$2.work"
  mount -t overlay overlay -o "lowerdir=$3,upperdir=$1/$2.upper,workdir=$1/$2.work" "$1/$2"
}
over "$1" root /
over "$1" repository "$3"
echo 0123456789abcdef0123456789abcdef > "$1/root/etc/machine-id"
exec systemd-nspawn --quiet --directory="$1/root" --register=no --keep-unit --private-network --machine=site --console=pipe \\
  --bind="$1/repository:$3" --boot systemd.unit=basic.target SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1`;

/** A whole machine with systemd as its first process, in a container; ended with the test. */
export class Site {
  readonly #leader: number;

  private constructor(leader: number) {
    this.#leader = leader;
  }

  static async boot(test: TestContext): Promise<Site> {
    const directory = mkdtempSync(join(tmpdir(), 'pointing-site-'));
    const name = basename(directory);
    const repository = root.replace(/\/$/, '');
    const container = spawn('unshare', ['--mount', 'bash', '-c', BOOT, 'boot', directory, name, repository], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = new Promise((resolve) => container.once('exit', resolve));
    test.after(async () => {
      // With its first process all of the container ends; with the program that made it nothing does.
      const first = firstProcess(container.pid as number);
      if (first !== undefined) process.kill(first, 'SIGKILL');
      container.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
      for (const hierarchy of ['', 'unified', 'systemd'])
        await removeGroup(join('/sys/fs/cgroup', hierarchy, name));
    });
    const leader = await waitFor('the container', () => {
      if (container.exitCode !== null) throw new Error('the container could not be started');
      const first = firstProcess(container.pid as number);
      return first !== undefined && isSystemd(first) && first;
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

/** Removes a control group with those in it, once their processes have ended. */
async function removeGroup(path: string): Promise<void> {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeGroup(join(path, entry.name));
  }
  await waitFor(`the end of ${path}`, () => {
    try {
      rmdirSync(path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
      throw error;
    }
  });
}

/** The one that is number 1 in the container. */
function firstProcess(nspawn: number): number | undefined {
  const text = readIfThere(`/proc/${nspawn}/task/${nspawn}/children`);
  return text ? Number(text.split(' ')[0]) : undefined;
}

/** And no more the program that prepares for it. */
const isSystemd = (pid: number) => readIfThere(`/proc/${pid}/comm`) === 'systemd\n';

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
