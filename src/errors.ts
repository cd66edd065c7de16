/**
 * The error catalogue: every reason why a file has no pointing row. The codes and their order are those of
 * `ErrorCode` in native/core/result.h; they are stored, printed and documented, and never change their meaning.
 *
 * `mayPass`: the file may still be arriving, so it is retried. The others stand until the file changes.
 */
export const errorCatalogue = {
  not_hdf5: { mayPass: false, meaning: 'the file is not HDF5, or its HDF5 structure is damaged' },
  truncated: { mayPass: true, meaning: 'the file is shorter than its HDF5 superblock says' },
  locked: { mayPass: true, meaning: 'another program is writing the file' },
  io_error: { mayPass: true, meaning: 'the operating system could not open or read the file' },
  no_header: { mayPass: false, meaning: 'the UVH5 Header group, or a site coordinate in it, is missing' },
  no_time_array: { mayPass: false, meaning: 'Header/time_array is missing or empty' },
  no_declination: { mayPass: false, meaning: 'Header/extra_keywords/phase_center_dec is missing' },
  no_hour_angle: { mayPass: false, meaning: 'Header/extra_keywords/ha_phase_center is missing' },
  bad_type: { mayPass: false, meaning: 'a header value has the wrong type or shape' },
  out_of_range: { mayPass: false, meaning: 'a header value is not finite or is out of range' },
  unsupported: {
    mayPass: false,
    meaning: 'the file gives its direction in a form that this program does not support',
  },
  crashed: { mayPass: false, meaning: 'reading the file crashed the libhdf5 process, twice' },
  timeout: { mayPass: false, meaning: 'reading the file took longer than the time limit, twice' },
  not_stored: { mayPass: false, meaning: 'the file was read, and the database refused its row' },
} as const;

/** The stable name of a reason why a file has no pointing. */
export type ErrorCode = keyof typeof errorCatalogue;
/** All of them, in the order of the catalogue. */
export const errorCodes = Object.keys(errorCatalogue) as readonly ErrorCode[];

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
