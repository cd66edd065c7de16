import { spawnSync } from 'node:child_process';

/** Runs a command to its end. Throws an Error with what it said, if it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.status === 0) return result;
  const said =
    result.error?.message ?? `${result.stdout}${result.stderr}`.trim().split('\n').slice(-20).join('\n');
  throw new Error(`${command} ${args.join(' ')}: ${said}`);
}

export const output = (command, args, options) => run(command, args, options).stdout;
