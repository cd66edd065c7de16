import type { Status } from '../health/status.js';
import { readStatusFile, STALE_SECONDS } from '../health/status-file.js';

/** The status file as clients get it: with its age, and never healthy when stale, stopped or missing. */
export type StatusDocument =
  | (Omit<Status, 'issues'> & {
      readonly issues: string[];
      readonly status_file_age_seconds: number;
      readonly stale: boolean;
    })
  | { readonly running: false; readonly healthy: false; readonly issues: string[]; readonly error: string };

export async function statusDocument(path: string): Promise<StatusDocument> {
  const reading = await readStatusFile(path);
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
