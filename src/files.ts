import { basename } from 'node:path';
import { type UnixSeconds, unixSeconds } from './units.js';

/** Sub-band 0 alone: the 16 sub-bands of an observation share one pointing. */
export const DEFAULT_PATTERN = '*_sb00.hdf5';

/** Of an observation, each in a file of its own. */
export const SUB_BANDS = 16;
export const SUB_BAND = /_sb(\d{2})\.hdf5$/;

const NAME_STAMP = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})/;

/**
 * The UTC time in an observation's file name (`2025-10-04T15:12:13_sb00.hdf5`): when the file was opened, a few seconds
 * off its first sample. Undefined where the name has no such stamp.
 */
export function nameStamp(path: string): UnixSeconds | undefined {
  const match = NAME_STAMP.exec(basename(path));
  if (!match) return undefined;
  const milliseconds = Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(milliseconds) ? undefined : unixSeconds(milliseconds / 1000);
}

/** What the sub-bands of one observation have in common in their names: the stamp; a name without one is its own. */
export const observationName = (fileName: string): string => NAME_STAMP.exec(fileName)?.[0] ?? fileName;

/** Whether an error says that there is no such file any more, or no directory on the way to it. */
export const saysGone = ({ code }: NodeJS.ErrnoException): boolean => code === 'ENOENT' || code === 'ENOTDIR';

/** A range of UTC dates, both ends included. */
export interface DateRange {
  readonly start?: UnixSeconds;
  /** The first second after the last day. */
  readonly end?: UnixSeconds;
}

/** Whether a file's name lies in the range. A name without a stamp lies only in the unbounded range. */
export function inDateRange(path: string, { start, end }: DateRange): boolean {
  if (start === undefined && end === undefined) return true;
  const stamp = nameStamp(path);
  return stamp !== undefined && (start === undefined || stamp >= start) && (end === undefined || stamp < end);
}
