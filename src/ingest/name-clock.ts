import { basename } from 'node:path';
import { nameStamp } from '../files.js';
import type { Issue } from '../issues.js';
import type { Pointing } from '../native/outcome.js';
import { unixOfMjdUtc } from '../units.js';

/** A name's stamp is the start of the observation by the clock of the host that wrote it. */
const TOLERANCE_SECONDS = 900;

/** Compares each file's name with its header: two clocks that should agree. The latest file decides. */
export class NameClock {
  issue: Issue | undefined;

  compare(path: string, { midTimeMjdUtc, durationSeconds }: Pointing): void {
    const stamp = nameStamp(path);
    if (stamp === undefined) return;
    const offset = unixOfMjdUtc(midTimeMjdUtc) - (durationSeconds ?? 0) / 2 - stamp;
    this.issue =
      Math.abs(offset) <= TOLERANCE_SECONDS
        ? undefined
        : {
            code: 'clocks_differ',
            message: `${basename(path)}: the header's time is ${(offset / 3600).toFixed(2)} h off the time in the name: check the clock of the host that wrote it`,
          };
  }
}
