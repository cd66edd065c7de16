import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The processes whose parent is this one, by /proc; with `word` in their command line, if given. */
export function childrenOf(parent: number, word = ''): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parentOf = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        return Number(parentOf) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
      } catch {
        // It has ended meanwhile.
        return false;
      }
    });
}

/** Paths of the files that a process has open; of one that was deleted or replaced, with ` (deleted)` after it. */
export function openFiles(pid: number): string[] {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory).flatMap((descriptor) => {
    try {
      return readlinkSync(`${directory}/${descriptor}`);
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
}

/** Whether a process has ended, though the kernel may keep a thread of it that closes a file of a file system that hangs. */
export function hasEnded(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
