import { readFileSync } from 'node:fs';
import { readStatusFile } from './status-file.js';

/**
 * The process id of another running monitor that owns this status file, for example the service when somebody starts a
 * second monitor by hand; undefined if there is none. Check before writing: the first monitor keeps the file. Otherwise
 * each would hide the health of the other, and the first to stop would report that none is running.
 */
export async function otherWriterOf(path: string, host: string): Promise<number | undefined> {
  const reading = await readStatusFile(path);
  if (reading.error !== undefined || reading.stale) return undefined;
  const { status } = reading;
  if (!status.running || (status.host === host && status.pid === process.pid)) return undefined;
  // Of another host nobody here can tell whether it still runs: its status grows stale if not.
  return status.host !== host || isMonitor(status.pid) ? status.pid : undefined;
}

/** Not for a process that was killed, nor for one that has been given its number since. */
function isMonitor(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('monitor');
  } catch {
    return false;
  }
}
