/**
 * The error catalogue: every reason why a file has no pointing row. The codes and their order are those of
 * `ErrorCode` in native/core/result.h; they are stored, printed and documented, and never change their meaning.
 *
 * `mayPass`: the file may still be arriving, so it is retried. The others stand until the file changes. `remedy`: what a person
 * can do; docs/runbook.md has more.
 */
export const errorCatalogue = {
  not_hdf5: {
    mayPass: false,
    meaning: 'the file is not HDF5, or its HDF5 structure is damaged',
    remedy: 'Compare it with its source (sha256sum) and copy it again.',
  },
  truncated: {
    mayPass: true,
    meaning: 'the file is shorter than its HDF5 superblock says',
    remedy: 'Complete the copy. It is retried until it has been unchanged for an hour.',
  },
  locked: {
    mayPass: true,
    meaning: 'another program is writing the file',
    remedy:
      'It is retried. If this persists, find the process that has the file open (fuser -v); if there is none, clear the mark with h5clear -s.',
  },
  io_error: {
    mayPass: true,
    meaning: 'the operating system could not open or read the file',
    remedy:
      'Check the permissions, the disk and the mount (dmesg). It is retried for as long as it is there.',
  },
  no_header: {
    mayPass: false,
    meaning: 'the UVH5 Header group, or a site coordinate in it, is missing',
    remedy:
      'It is not a UVH5 file of this telescope. Move it out of the watched directory, or have it written again.',
  },
  no_time_array: {
    mayPass: false,
    meaning: 'Header/time_array is missing or empty',
    remedy:
      'The correlator opened the file but wrote no integration. Check the correlator’s log for that time.',
  },
  no_declination: {
    mayPass: false,
    meaning:
      'the declination is missing: Header/extra_keywords/phase_center_dec, or that of the phase centre',
    remedy: 'Report it to the maintainers of the correlator’s writer. The declination is never guessed.',
  },
  no_hour_angle: {
    mayPass: false,
    meaning: 'the hour angle is missing: Header/extra_keywords/ha_phase_center',
    remedy: 'Report it to the maintainers of the correlator’s writer. The hour angle is never guessed.',
  },
  bad_type: {
    mayPass: false,
    meaning: 'a header value has the wrong type or shape',
    remedy: 'Report the value that the message names to the maintainers of the correlator’s writer.',
  },
  out_of_range: {
    mayPass: false,
    meaning: 'a header value is not finite or is out of range',
    remedy: 'Check the value that the message names: degrees written instead of radians are a common cause.',
  },
  unsupported: {
    mayPass: false,
    meaning:
      'the file gives its direction in a form that this program does not support, or is a link out of the directory',
    remedy:
      'If it is a link out of the watched directory, set --follow-links. Otherwise request support, and attach the file.',
  },
  crashed: {
    mayPass: false,
    meaning: 'reading the file crashed the libhdf5 process, twice',
    remedy: 'Copy the file again from its source: libhdf5 cannot cope with the damage in it.',
  },
  timeout: {
    mayPass: false,
    meaning: 'reading the file took longer than the time limit',
    remedy:
      'If many files time out at once, the file system is slow: repair that, then run pointing-monitor retry --code timeout.',
  },
  not_stored: {
    mayPass: false,
    meaning: 'the file was read, and the database refused its row',
    remedy:
      'Fix the cause that the message quotes. The file is retried every ten minutes, and at once by pointing-monitor retry --code not_stored.',
  },
} as const;

/** The stable name of a reason why a file has no pointing. */
export type ErrorCode = keyof typeof errorCatalogue;
/** All of them, in the order of the catalogue. */
export const errorCodes = Object.keys(errorCatalogue) as readonly ErrorCode[];

/** A file that waits is retried at least this often. */
export const WAITING_RETRY_SECONDS = 60;
/** Files that failed by no fault of their own are retried this often, and after any outage of the directory. */
export const FAULTLESS_RETRY_SECONDS = 600;
/** The operating system's fault, or the database's, which can pass without the file changing. */
const FAULTLESS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['io_error', 'not_stored']);

/** Whether a file with this code failed by no fault of its own. */
export const isFaultless = (code: ErrorCode): boolean => FAULTLESS.has(code);

/** Within how many seconds a file is retried by itself; null where it must change, or somebody retries it. */
export function retriedWithinSeconds(code: ErrorCode, state: 'failed' | 'waiting'): number | null {
  if (state === 'waiting') return WAITING_RETRY_SECONDS;
  return isFaultless(code) ? FAULTLESS_RETRY_SECONDS : null;
}

/** Why a file gave no pointing. The message is one line: what happened, to what, what to do. */
export interface ExtractionError {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * Caller mistakes throw this: an argument, a flag, the environment. The message is one line; on the command line it is all of
 * stderr, with exit 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Why the database cannot take or give rows now. */
export const storeErrorKinds = [
  'locked',
  'read_only',
  'full',
  'corrupt',
  'missing',
  'unreachable',
  'unusable',
  'refused',
  'host_taken',
] as const;
/** One of them: stable names. */
export type StoreErrorKind = (typeof storeErrorKinds)[number];

/** A problem with the database, in words that an operator can act on. It may pass: nothing was written, nothing is lost. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
