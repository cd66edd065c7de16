/**
 * `pointing-monitor` for programs: read pointings from files, the history from its database, transits of calibrators. Nothing
 * here logs, listens to signals or changes the process. The native addon is loaded when first needed; where it is not built, that call
 * throws a UsageError.
 */
export {
  type ExtractOptions,
  extractPointings,
  openExtractor,
  type PointingExtractor,
} from './api/extract.js';
export { type History, type ObservedOptions, openHistory, type StoredPointing } from './api/history.js';
export { calibrators, transits } from './api/transits.js';
export {
  errorCatalogue,
  errorCodes,
  StoreError,
  /** @deprecated Use `StoreError`. */
  StoreError as StoreTrouble,
  storeErrorKinds,
  /** @deprecated Use `storeErrorKinds`. */
  storeErrorKinds as troubleKinds,
  UsageError,
} from './errors.js';
export type { Reader } from './extract/extractor.js';
export { readStatusFile, type StatusReading } from './health/status-file.js';
export { issueCatalogue, issueCodes } from './issues.js';
export { type Calibrator, calibratorsNamed, type Source } from './sky/calibrators.js';
export type { NamedSource } from './sky/named-sources.js';
export type { NextPass } from './sky/sightings/next-pass.js';
export type { Observed, ObservedSighting, PositionSummary } from './sky/sightings/observed.js';
export type { DayTotal, DwellTotal, Total } from './sky/sightings/totals.js';
export type { Transit } from './sky/transits.js';
export type * from './types.js';
export {
  degrees,
  isoMillisecondsOfMjdUtc,
  isoOfMjdUtc,
  isoOfUnix,
  mjdUtc,
  mjdUtcOfDate,
  mjdUtcOfUnix,
  unixOfMjdUtc,
  unixSeconds,
} from './units.js';
export { VERSION } from './version.js';
