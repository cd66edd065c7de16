import { readFileSync } from 'node:fs';
import { readStatusFile } from './status-file.js';

/**
 * Looks for another monitor that writes the same status file, as one that is tried by hand beside the service does. Each would
 * hide how the other is, and the first to stop would tell that none runs.
 */
export class OtherWriter {
  readonly #path: string;
  readonly #host: string;
  #wroteOnce = false;
  #pid: number | undefined;

  constructor(path: string, host: string) {
    this.#path = path;
    this.#host = host;
  }

  /** Its process id; undefined where this monitor is alone. To be asked before each write. */
  async look(): Promise<number | undefined> {
    const pid = await this.#writtenBy();
    // Before our first write it may be of a monitor that was killed; after it, somebody has written in between.
    if (this.#wroteOnce ? pid !== undefined : isMonitor(pid)) this.#pid = pid;
    else if (!isMonitor(this.#pid)) this.#pid = undefined;
    this.#wroteOnce = true;
    return this.#pid;
  }

  /** Who wrote the file last, if not this monitor, and said that it runs. */
  async #writtenBy(): Promise<number | undefined> {
    const reading = await readStatusFile(this.#path);
    if (reading.error !== undefined) return undefined;
    const { running, host, pid } = reading.status;
    return running && host === this.#host && pid !== process.pid ? pid : undefined;
  }
}

/** False as well for a process that this one may not see. */
function isMonitor(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('monitor');
  } catch {
    return false;
  }
}
