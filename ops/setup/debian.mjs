/** Debian's packages, installed as root without starting the services that they bring. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Packages ask this program, where it is there, before they start a service. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';
const FORBIDDEN = 101;
const MARK = '# Of the set-up of pointing-monitor, while it installs packages.';
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export const canInstall = () =>
  process.getuid() === 0 && !spawnSync('apt-get', ['--version']).error && existsSync('/etc/debian_version');

/**
 * Throws an Error with the command that failed. A signal is passed on to that command, and ends this process once it has ended: a
 * policy that stayed behind would keep every later package from starting its service.
 */
export async function install(packages) {
  // One of an earlier set-up that was killed is ours, too.
  const own = !existsSync(SERVICE_POLICY) || readFileSync(SERVICE_POLICY, 'utf8').includes(MARK);
  if (own) writeFileSync(SERVICE_POLICY, `#!/bin/sh\n${MARK}\nexit ${FORBIDDEN}\n`, { mode: 0o755 });
  let command;
  let interruption;
  const passOn = (signal) => {
    interruption = signal;
    command?.kill(signal);
  };
  const apt = async (...args) => {
    command = spawn('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const status = await new Promise((ended) => {
      command.once('error', () => ended(undefined));
      command.once('close', ended);
    });
    if (status !== 0 || interruption) throw new Error(`"apt-get ${args.join(' ')}" failed`);
  };
  for (const signal of INTERRUPTIONS) process.on(signal, passOn);
  try {
    await apt('update', '-qq');
    await apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  } finally {
    if (own) rmSync(SERVICE_POLICY, { force: true });
    for (const signal of INTERRUPTIONS) process.off(signal, passOn);
    if (interruption) process.kill(process.pid, interruption);
  }
}
