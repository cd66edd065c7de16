import { readFileSync } from 'node:fs';
import { readStatusFile } from './status-file.js';

/**
 * The process id of another monitor that keeps this status file, as the service does when somebody tries one by hand beside it;
 * undefined where there is none that runs. To be asked before the file is written: the one that came first keeps it, or each would
 * hide how the other is, and the first to stop would tell that none runs.
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
