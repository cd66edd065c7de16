/** Debian's packages, installed as root without starting the services that they bring. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Packages ask this program, where it is there, before they start a service. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';
const FORBIDDEN = 101;

export const canInstall = () =>
  process.getuid() === 0 && !spawnSync('apt-get', ['--version']).error && existsSync('/etc/debian_version');

/** Throws an Error with the command that failed. */
export function install(packages) {
  const own = !existsSync(SERVICE_POLICY);
  if (own) writeFileSync(SERVICE_POLICY, `#!/bin/sh\nexit ${FORBIDDEN}\n`, { mode: 0o755 });
  try {
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  } finally {
    if (own) rmSync(SERVICE_POLICY, { force: true });
  }
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`"apt-get ${args.join(' ')}" failed`);
}
