import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliPath } from './cli.js';

/** A PATH with `pointing-monitor` in it, as an installation has it. */
export function installedPath(parent: string): string {
  const directory = join(parent, 'bin');
  const program = join(directory, 'pointing-monitor');
  mkdirSync(directory);
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${cliPath}' "$@"\n`);
  chmodSync(program, 0o755);
  return `${directory}:${process.env.PATH}`;
}
