/**
 * `pointing-monitor/types`: what a program that talks to the monitor from outside, a dashboard for one, needs to know. Types
 * alone: importing it loads nothing, neither here nor in a browser.
 */
export type {
  BackfillSummary,
  ExtractLine,
  FailureLine,
  PointingLine,
  TransitLine,
} from './cli/lines.js';
export type {
  ErrorCode,
  ExtractionError,
  StoreErrorKind,
  /** @deprecated Use `StoreErrorKind`. */
  StoreErrorKind as TroubleKind,
} from './errors.js';
export type { HistogramReport } from './health/histogram.js';
export type { HostSummary } from './health/hosts.js';
export type { MetricsReport } from './health/metrics.js';
export type { Status } from './health/status.js';
export type { Issue, IssueCode } from './issues.js';
export type {
  FileVersion,
  Instrument,
  Outcome,
  Pointing,
  PointingKind,
  QualityWord,
} from './native/outcome.js';
export type {
  Answers,
  CalibratorsAnswer,
  ChangesAnswer,
  CoverageAnswer,
  ErrorAnswer,
  EventData,
  FailuresAnswer,
  GapsAnswer,
  HealthAnswer,
  LatestAnswer,
  ObservationItem,
  ObservedAnswer,
  PointingHistoryAnswer,
  PointingHistoryItem,
  StatusAnswer,
  TransitsAnswer,
} from './serve/answers.js';
export type { Degrees, MjdUtc, TimeRange, UnixSeconds } from './units.js';
