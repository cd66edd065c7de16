import type { Issue } from '../../issues.js';
import type { StatGate } from './stat-gate.js';

/** The watched directory itself, as last seen. `identity` tells one directory from another put in its place. */
export type RootState =
  | { readonly identity: string; readonly device: number; readonly issue?: never }
  | { readonly issue: Issue };

/** Checks the watched directory. Never rejects, and never waits forever on a file system that hangs. */
export async function lookAtRoot(directory: string, gate: StatGate): Promise<RootState> {
  const answer = await gate.look(directory);
  if (!answer) return { issue: silent(directory) };
  if ('error' in answer) return { issue: rootIssue(directory, answer.error) };
  const { isDirectory, identity, device } = answer.value;
  return isDirectory
    ? { identity, device }
    : { issue: missing(`the watch directory ${directory} is not a directory`) };
}

export function rootIssue(directory: string, error: NodeJS.ErrnoException): Issue {
  switch (error.code) {
    case 'ENOENT':
      return missing(`the watch directory ${directory} does not exist: create or mount it`);
    case 'EACCES':
    case 'EPERM':
      return unreadable(
        `no permission to read the watch directory ${directory}: give this user read and search permission`,
      );
    default:
      return unreadable(`cannot read the watch directory ${directory}: ${error.message}`);
  }
}

const missing = (message: string): Issue => ({ code: 'directory_missing', message });
const unreadable = (message: string): Issue => ({ code: 'directory_unreadable', message });
export const silent = (place: string): Issue => ({
  code: 'directory_silent',
  message: `${place} is not responding: check its file system`,
});
