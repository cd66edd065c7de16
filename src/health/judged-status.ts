import type { Status } from './status.js';
import { STALE_SECONDS, type StatusReading } from './status-file.js';

/** A monitor's status with how old it is: never healthy when stale, stopped or missing. */
export type JudgedStatus =
  | (Omit<Status, 'issues'> & {
      readonly issues: string[];
      readonly status_file_age_seconds: number;
      readonly stale: boolean;
    })
  | { readonly running: boolean; readonly healthy: false; readonly issues: string[]; readonly error: string };

export function judged(reading: StatusReading): JudgedStatus {
  if (reading.error !== undefined) {
    return { running: false, healthy: false, issues: [reading.error], error: reading.error };
  }
  const { status, ageSeconds, stale } = reading;
  const silence = `the status is ${Math.round(ageSeconds)} s old, more than ${STALE_SECONDS} s: the monitor hangs or was killed`;
  return {
    ...status,
    healthy: status.running && status.healthy && !stale,
    issues: stale && status.running ? [silence, ...status.issues] : [...status.issues],
    status_file_age_seconds: ageSeconds,
    stale,
  };
}
