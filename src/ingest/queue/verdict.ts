import { errorCatalogue, WAITING_RETRY_SECONDS } from '../../errors.js';
import type { Outcome } from '../../native/outcome.js';
import type { FileState } from '../../store/rows.js';
import type { UnixSeconds } from '../../units.js';

/** What the queue knows of a file that it has tried. */
export interface Trial {
  readonly attempts: number;
  /** Monotonic seconds. */
  readonly firstTriedAt: number;
}

export type Verdict =
  | { readonly state: Exclude<FileState, 'waiting'> }
  | { readonly state: 'waiting'; readonly retryInSeconds: number };

/** The two clocks: wall time to compare with a file's own times, monotonic time for how long we have known it. */
export interface Now {
  readonly unix: UnixSeconds;
  readonly monotonic: number;
}

const FIRST_RETRY_SECONDS = 0.25;

/**
 * Whether a file is done. A failure that can be temporary is retried, at doubling intervals, until the file has neither
 * changed nor been new to us for `giveUpAfterSeconds`.
 */
export function judge(
  outcome: Outcome,
  { attempts, firstTriedAt }: Trial,
  giveUpAfterSeconds: number,
  now: Now,
): Verdict {
  if (outcome.pointing) return { state: 'stored' };
  const { code } = outcome.error;
  if (!errorCatalogue[code].mayPass) return { state: 'failed' };
  const quietSeconds = secondsQuiet(outcome, now.monotonic - firstTriedAt, now.unix);
  if (quietSeconds >= giveUpAfterSeconds) return { state: 'failed' };
  return {
    state: 'waiting',
    retryInSeconds: Math.min(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), WAITING_RETRY_SECONDS),
  };
}

/** For how long nothing has happened that could make the file whole. */
function secondsQuiet({ version, error }: Outcome, knownSeconds: number, now: UnixSeconds): number {
  const changedAt = (version?.mtimeUs ?? 0) / 1e6;
  const unchangedSeconds = now - changedAt;
  // A time of last change that lies in the future, or is missing, says nothing; then our own first sight of the file counts.
  if (changedAt <= 0 || unchangedSeconds < 0) return knownSeconds;
  // An old file that is cut short will not grow any more, but one that cannot be read may be readable soon.
  return error?.code === 'truncated' ? unchangedSeconds : Math.min(unchangedSeconds, knownSeconds);
}
