/**
 * `pointing-monitor/types`: what a program that talks to the monitor from outside, a dashboard for one, needs to know. Types
 * alone: importing it loads nothing, neither here nor in a browser.
 */
export type {
  BackfillSummary,
  BackupLine,
  DoctorLine,
  ExtractLine,
  FailureLine,
  MaintenanceLine,
  MergeLine,
  PointingLine,
  RepairLine,
  RetryLine,
  TransitLine,
  VerifyLine,
  VerifySummary,
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
export type { ErrorAnswer } from './serve/error-answer.js';
export type { EventData } from './serve/event-data.js';
export type { ObservationItem } from './serve/observation.js';
export type { CalendarAnswer } from './serve/routes/calendar.js';
export type { CalibratorsAnswer } from './serve/routes/calibrators.js';
export type { ChangesAnswer } from './serve/routes/changes.js';
export type { CoverageAnswer } from './serve/routes/coverage.js';
export type { FailuresAnswer } from './serve/routes/failures.js';
export type { GapsAnswer } from './serve/routes/gaps.js';
export type { HealthAnswer } from './serve/routes/health.js';
export type { PointingHistoryAnswer, PointingHistoryItem } from './serve/routes/history.js';
export type { Answers } from './serve/routes/index.js';
export type { LatestAnswer } from './serve/routes/latest.js';
export type { ObservationAnswer } from './serve/routes/observation.js';
export type { ObservedAnswer } from './serve/routes/observed.js';
export type { RecentAnswer } from './serve/routes/recent.js';
export type { SearchAnswer } from './serve/routes/search.js';
export type { SkyAnswer } from './serve/routes/sky.js';
export type { StatusAnswer } from './serve/routes/status.js';
export type { TransitsAnswer } from './serve/routes/transits.js';
export type { Degrees, MjdUtc, TimeRange, UnixSeconds } from './units.js';
