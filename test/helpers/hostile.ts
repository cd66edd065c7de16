import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspace.js';

const program = join(root, 'build', 'Release', 'make_hostile');

/** A file of some kilobytes on disk that claims, or costs its reader, very much more. */
export interface HostileKind {
  readonly name: string;
  /** What reading it must end as: an error code, or `read`. */
  readonly code: string;
}

export const hostileKinds: readonly HostileKind[] = run([])
  .split('\n')
  .filter(Boolean)
  .map((line) => {
    const [name = '', code = ''] = line.split(' ');
    return { name, code };
  });

/** Writes a file of this kind: sparse, and complete when this returns. */
export function writeHostile(kind: string, path: string): void {
  run([kind, path]);
}

function run(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`make_hostile: ${stderr}`);
  return stdout;
}
