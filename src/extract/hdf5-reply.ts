/**
 * What the libhdf5 child tells its parent, a line of JSON each, and how the parent checks it: a file may have taken the child over, and
 * must not reach further than an outcome of its own.
 */
import { errorCodes } from '../errors.js';
import { headerQualityWords, NAME_DIFFERS, type Outcome, pointingKinds } from '../native/outcome.js';
import type { Confinement } from '../native/process.js';

/**
 * The first message: the process is ready, with what confines it, or why it will never be. Each request is answered by how
 * long its file is allowed, then by its outcome.
 */
export type Hdf5Reply =
  | { readonly ready: Confinement }
  | { readonly failed: string }
  | { readonly extraSeconds: number }
  | { readonly outcome: Outcome };

/** A file that honestly holds much data takes longer to inflate than a small one. */
export const MAX_EXTRA_SECONDS = 270;
/** More than any message that quotes a file. */
export const MAX_REPLY_CHARACTERS = 1 << 18;

/** The reply in a line, or undefined where no sound child would send it. */
export function replyIn(line: string): Hdf5Reply | undefined {
  try {
    return checkedReply(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** A value from the child, or undefined where it is no reply: another shape, a value out of range, a text that is not printable. */
export const checkedReply = (value: unknown): Hdf5Reply | undefined =>
  isReply(value) ? (value as Hdf5Reply) : undefined;

type Check = (value: unknown) => boolean;

const anyOf =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
/** False for NaN. */
const between =
  (lowest: number, highest: number): Check =>
  (value) =>
    typeof value === 'number' && value >= lowest && value <= highest;
const whole =
  (lowest: number, highest: number): Check =>
  (value) =>
    Number.isInteger(value) && between(lowest, highest)(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** These fields and no others. */
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const isText: Check = (value) => typeof value === 'string';
/** On one line: it goes to terminals and logs. */
const isPrintable: Check = (value) => typeof value === 'string' && /^[ -~]*$/.test(value);
const isNull = oneOf([null]);
const isAbsent = oneOf([undefined]);
const isSafeInteger = whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const isFrequencyHz = between(1e6, 1e12);

const isConfinement = record({
  systemCalls: oneOf([true, false]),
  landlockVersion: whole(0, 1000),
  missing: anyOf(isNull, isPrintable),
});

const isVersion = record({
  sizeBytes: whole(0, Number.MAX_SAFE_INTEGER),
  mtimeUs: isSafeInteger,
  ctimeUs: isSafeInteger,
});

/** The bounds are those that the readers keep (native/uvh5, native/astrometry). */
const isPointing = record({
  kind: oneOf(pointingKinds),
  midTimeMjdUtc: between(47_892, 88_434),
  raDeg: between(0, 360),
  decDeg: between(-90, 90),
  raIcrsDeg: between(0, 360),
  decIcrsDeg: between(-90, 90),
  haDeg: between(-180, 180),
  lstDeg: between(0, 360),
  nTimes: whole(1, 2 ** 32 - 1),
  durationSeconds: anyOf(isNull, between(0, 86_400)),
  minFrequencyHz: anyOf(isNull, isFrequencyHz),
  maxFrequencyHz: anyOf(isNull, isFrequencyHz),
  instrument: record({
    name: isPrintable,
    site: record({
      latitudeDeg: between(-90, 90),
      longitudeDeg: between(-360, 360),
      altitudeM: between(-1000, 10_000),
    }),
    dishM: anyOf(isNull, between(0.1, 1000)),
  }),
  quality: listOf(oneOf([...headerQualityWords, NAME_DIFFERS])),
});

const isError = record({ code: oneOf(errorCodes), message: isPrintable });

const version = anyOf(isAbsent, isVersion);
const isReply = anyOf(
  record({ ready: isConfinement }),
  record({ failed: isPrintable }),
  record({ extraSeconds: between(0, MAX_EXTRA_SECONDS) }),
  record({ outcome: record({ path: isText, version, pointing: isPointing }) }),
  record({ outcome: record({ path: isText, version, error: isError }) }),
);
