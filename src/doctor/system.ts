import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { earthOrientation } from '../native/astrometry.js';
import { realPath } from '../store/sqlite/log.js';
import { isoOfMjdUtc, MINUTES_PER_DAY, type MjdUtc } from '../units.js';
import { type Check, failed, ok, warning } from './check.js';

const WARN_BELOW_BYTES = 1e9;
const FAIL_BELOW_BYTES = 1e8;
const MINUTE = 1 / MINUTES_PER_DAY;
const TIMEDATECTL_MS = 5000;

/** The clock, against what cannot be later than now and against the system's own word on its synchronization. */
export function checkClock(now: MjdUtc, newestObservation: MjdUtc | undefined): Check {
  const iso = isoOfMjdUtc(now);
  if (now < earthOrientation().lastMeasuredMjdUtc) {
    return failed('clock', `it says ${iso}, before the last measurement in the IERS table: set it`);
  }
  if (newestObservation !== undefined && newestObservation > now + MINUTE) {
    return failed(
      'clock',
      `it says ${iso}, but the newest observation is from ${isoOfMjdUtc(newestObservation)}: check this clock and the correlator's`,
    );
  }
  const { stdout } = spawnSync('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    encoding: 'utf8',
    timeout: TIMEDATECTL_MS,
  });
  if (stdout?.trim() === 'no')
    return warning('clock', `${iso}; it is not synchronized: start an NTP service`);
  return ok('clock', stdout?.trim() === 'yes' ? `${iso}, synchronized` : iso);
}

/** The file system on which a file lies or is to lie, where links lead to. */
export async function checkSpace(path: string): Promise<Check> {
  const directory = dirname(realPath(path));
  if (!existsSync(directory)) return failed('free space', `${directory} does not exist: create or mount it`);
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const what = `${(free / 1e9).toFixed(1)} GB free in ${directory}`;
  if (free < FAIL_BELOW_BYTES) return failed('free space', `${what}: free some space`);
  return free < WARN_BELOW_BYTES ? warning('free space', `${what}: free some space`) : ok('free space', what);
}
