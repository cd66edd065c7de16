import { basename } from 'node:path';
import { nameStamp } from '../files.js';
import type { Issue } from '../issues.js';
import { type MjdUtc, unixOfMjdUtc } from '../units.js';

/** A name's stamp is the start of a five-minute observation, give or take seconds; its header holds the middle. */
const TOLERANCE_SECONDS = 900;

/** Compares each file's name with its header: two clocks that should agree. The latest file decides. */
export class NameClock {
  issue: Issue | undefined;

  compare(path: string, midTime: MjdUtc): void {
    const stamp = nameStamp(path);
    if (stamp === undefined) return;
    const offset = unixOfMjdUtc(midTime) - stamp;
    this.issue =
      Math.abs(offset) <= TOLERANCE_SECONDS
        ? undefined
        : {
            code: 'clocks_differ',
            message: `${basename(path)}: the header's time is ${(offset / 3600).toFixed(2)} h off the time in the name: check the clock of the host that wrote it`,
          };
  }
}
