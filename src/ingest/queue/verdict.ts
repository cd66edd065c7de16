import { errorCatalogue } from '../../errors.js';
import type { Outcome } from '../../native/outcome.js';
import type { FileState } from '../../store/rows.js';
import type { UnixSeconds } from '../../units.js';

/** What the settle stage knows of a file that it has tried. */
export interface Trial {
  readonly attempts: number;
  readonly firstTriedAt: UnixSeconds;
}

export type Verdict =
  | { readonly state: Exclude<FileState, 'waiting'> }
  | { readonly state: 'waiting'; readonly retryInSeconds: number };

const FIRST_RETRY_SECONDS = 0.25;
const LONGEST_RETRY_SECONDS = 60;

/**
 * Whether a file is done with. A failure that may pass is tried again, at doubling intervals, until the file has neither
 * changed nor been new to us for `giveUpAfterSeconds`.
 */
export function judge(
  outcome: Outcome,
  { attempts, firstTriedAt }: Trial,
  giveUpAfterSeconds: number,
  now: UnixSeconds,
): Verdict {
  if (outcome.pointing) return { state: 'stored' };
  const { code } = outcome.error;
  if (!errorCatalogue[code].mayPass) return { state: 'failed' };
  // An old file that is cut short will not grow any more, but one that cannot be read may be readable soon.
  const changedAt = (outcome.version?.mtimeUs ?? 0) / 1e6;
  const quietSince = code === 'truncated' && changedAt > 0 ? changedAt : Math.max(changedAt, firstTriedAt);
  if (now - quietSince >= giveUpAfterSeconds) return { state: 'failed' };
  return {
    state: 'waiting',
    retryInSeconds: Math.min(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), LONGEST_RETRY_SECONDS),
  };
}
