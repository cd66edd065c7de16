import { type ErrorCode, errorCodes } from '../errors.js';
import { nameStamp } from '../files.js';
import { degrees, type MjdUtc, mjdUtc, unixOfMjdUtc } from '../units.js';
import type { PointingColumns } from './headers.js';
import {
  type FileVersion,
  headerQualityWords,
  type Instrument,
  NAME_DIFFERS,
  type Outcome,
  type PointingKind,
  pointingKinds,
  type QualityWord,
} from './outcome.js';

const READ = 0;
const DECLINED = 255;

/** The outcome of file i, or undefined where the direct reader left it to libhdf5. */
export function outcomeOf(path: string, columns: PointingColumns, i: number): Outcome | undefined {
  const status = columns.status[i] as number;
  if (status === DECLINED) return undefined;
  const version = versionOf(columns, i);
  const opened = version && { version };
  if (status !== READ) {
    const code = errorCodes[status - 1] as ErrorCode;
    return { path, ...opened, error: { code, message: columns.messages[i] ?? code } };
  }
  const number = (column: Float64Array) => column[i] as number;
  const midTimeMjdUtc = mjdUtc(number(columns.midTimeMjdUtc));
  const durationSeconds = number(columns.durationSeconds);
  const quality = qualityOf(columns.quality[i] as number);
  const numberOrNull = (column: Float64Array) => (Number.isNaN(number(column)) ? null : number(column));
  return {
    path,
    ...opened,
    pointing: {
      kind: pointingKinds[columns.kind[i] as number] as PointingKind,
      midTimeMjdUtc,
      raDeg: degrees(number(columns.raDeg)),
      decDeg: degrees(number(columns.decDeg)),
      raIcrsDeg: degrees(number(columns.raIcrsDeg)),
      decIcrsDeg: degrees(number(columns.decIcrsDeg)),
      haDeg: degrees(number(columns.haDeg)),
      lstDeg: degrees(number(columns.lstDeg)),
      nTimes: columns.nTimes[i] as number,
      durationSeconds: numberOrNull(columns.durationSeconds),
      minFrequencyHz: numberOrNull(columns.minFrequencyHz),
      maxFrequencyHz: numberOrNull(columns.maxFrequencyHz),
      instrument: columns.instruments[columns.instrument[i] as number] as Instrument,
      quality: nameDiffers(path, midTimeMjdUtc, durationSeconds) ? [...quality, NAME_DIFFERS] : quality,
    },
  };
}

/** Why the direct reader left file i to libhdf5. */
export const declinedBecause = (columns: PointingColumns, i: number): string =>
  columns.messages[i] ?? 'an unknown structure';

/** File i as it was when it was opened; undefined where it could not be. */
export function versionOf(columns: PointingColumns, i: number): FileVersion | undefined {
  const sizeBytes = columns.sizeBytes[i] as number;
  if (sizeBytes < 0) return undefined;
  return { sizeBytes, mtimeUs: columns.mtimeUs[i] as number, ctimeUs: columns.ctimeUs[i] as number };
}

/** The few sets of the header's words there are, by their bits. */
const qualities = Array.from({ length: 2 ** headerQualityWords.length }, (_, bits) =>
  headerQualityWords.filter((_word, bit) => bits & (1 << bit)),
);
const qualityOf = (bits: number): readonly QualityWord[] => qualities[bits] ?? [];

const MAX_NAME_OFFSET_SECONDS = 60;

/** False where the name has no time, or the header no duration. */
function nameDiffers(path: string, midTimeMjdUtc: MjdUtc, durationSeconds: number): boolean {
  const stamp = nameStamp(path);
  if (stamp === undefined) return false;
  return Math.abs(unixOfMjdUtc(midTimeMjdUtc) - durationSeconds / 2 - stamp) > MAX_NAME_OFFSET_SECONDS;
}
