import type { IssueCode } from '../issues.js';
import type { Status } from './status.js';
import { STALE_SECONDS, type StatusReading } from './status-file.js';

/** A monitor's status with how old it is: never healthy when stale, stopped or missing. */
export type JudgedStatus =
  | (Omit<Status, keyof Issues> &
      Issues & { readonly status_file_age_seconds: number; readonly stale: boolean })
  | (Issues & { readonly running: boolean; readonly healthy: false; readonly error: string });

interface Issues {
  readonly issues: string[];
  readonly issue_codes: IssueCode[];
}

export function judged(reading: StatusReading): JudgedStatus {
  if (reading.error !== undefined) {
    const { error } = reading;
    return { running: false, healthy: false, issues: [error], issue_codes: ['status_missing'], error };
  }
  const { status, ageSeconds, stale } = reading;
  const { issues, issue_codes } = status;
  const silent = stale && status.running;
  const silence =
    ageSeconds > 0
      ? `the status is ${Math.round(ageSeconds)} s old, more than ${STALE_SECONDS} s: the monitor hangs or was killed`
      : 'the status is from the future: check the clocks';
  return {
    ...status,
    healthy: status.running && status.healthy && !stale,
    issues: silent ? [silence, ...issues] : [...issues],
    issue_codes: silent ? ['status_stale', ...issue_codes] : [...issue_codes],
    status_file_age_seconds: ageSeconds,
    stale,
  };
}
