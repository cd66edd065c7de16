/**
 * What becomes of files that wait to be retried and are gone, as SQL with a condition on their paths. One whose earlier version gave a
 * row is stored again, under a version that no file has, so that any file that takes its place is read; any other is forgotten.
 */
export const restoreGone = (paths: string): string =>
  `UPDATE pointing_files SET state = 'stored', error_code = NULL, error_message = NULL, size = 0, mtime_us = 0, ctime_us = 0
   WHERE state = 'waiting' AND timestamp IS NOT NULL AND ${paths}`;

export const forgetGone = (paths: string): string =>
  `DELETE FROM pointing_files WHERE state = 'waiting' AND timestamp IS NULL AND ${paths}`;
