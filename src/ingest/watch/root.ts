import { stat } from 'node:fs/promises';
import type { Issue } from '../../issues.js';

/** The watched directory itself, as last seen. `identity` tells one directory from another put in its place. */
export type RootState =
  | { readonly identity: string; readonly device: number; readonly trouble?: never }
  | { readonly trouble: Issue };

const ANSWER_SECONDS = 30;

/** Looks at the watched directory. Never rejects, and never waits for ever on a file system that hangs. */
export async function lookAtRoot(directory: string): Promise<RootState> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<RootState>((resolve) => {
    timer = setTimeout(() => resolve({ trouble: silent(directory) }), ANSWER_SECONDS * 1000);
  });
  try {
    return await Promise.race([describe(directory), silence]);
  } finally {
    clearTimeout(timer);
  }
}

async function describe(directory: string): Promise<RootState> {
  try {
    const found = await stat(directory);
    return found.isDirectory()
      ? { identity: `${found.dev}:${found.ino}`, device: found.dev }
      : { trouble: missing(`the watch directory ${directory} is not a directory`) };
  } catch (error) {
    return { trouble: rootTrouble(directory, error as NodeJS.ErrnoException) };
  }
}

export function rootTrouble(directory: string, error: NodeJS.ErrnoException): Issue {
  switch (error.code) {
    case 'ENOENT':
      return missing(`the watch directory ${directory} does not exist: create or mount it`);
    case 'EACCES':
    case 'EPERM':
      return unreadable(
        `the watch directory ${directory} may not be read: give this user read and search permission`,
      );
    default:
      return unreadable(`the watch directory ${directory} cannot be read: ${error.message}`);
  }
}

const missing = (message: string): Issue => ({ code: 'directory_missing', message });
const unreadable = (message: string): Issue => ({ code: 'directory_unreadable', message });
const silent = (directory: string): Issue => ({
  code: 'directory_silent',
  message: `the watch directory ${directory} does not answer: check its file system`,
});
