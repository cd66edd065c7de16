import type { ErrorCode, ExtractionError } from '../errors.js';
import { monotonicSeconds } from '../monotonic.js';

/** The `metrics` of the status file; names and meanings of the seed guide. Times are seconds since 1970. */
export interface MetricsReport {
  readonly files_processed: number;
  readonly files_succeeded: number;
  readonly files_failed: number;
  /** 100 before the first file. */
  readonly success_rate_percent: number;
  readonly uptime_seconds: number;
  readonly last_processed_time: number | null;
  readonly last_success_time: number | null;
  readonly last_error_time: number | null;
  readonly last_error_message: string | null;
  /** Failures in the last hour. */
  readonly recent_error_count: number;
}

const RECENT_SECONDS = 3600;
const RECENT_KEPT = 10_000;

/** Counts what became of files since the monitor started: each file once, when it is settled. */
export class Metrics {
  readonly failuresByCode = new Map<ErrorCode, number>();
  readonly #startedAt = monotonicSeconds();
  #succeeded = 0;
  #failed = 0;
  #lastSuccess: number | null = null;
  #lastError: number | null = null;
  #lastErrorMessage: string | null = null;
  /** When they were, in monotonic seconds. */
  #recentErrors: number[] = [];

  /** `now` in Unix seconds. */
  settled(
    { path, error }: { readonly path: string; readonly error?: ExtractionError | undefined },
    now: number,
  ): void {
    if (!error) {
      this.#succeeded++;
      this.#lastSuccess = now;
      return;
    }
    this.#failed++;
    this.#lastError = now;
    this.#lastErrorMessage = `${path}: ${error.code}: ${error.message}`;
    this.failuresByCode.set(error.code, (this.failuresByCode.get(error.code) ?? 0) + 1);
    this.#recentErrors.push(monotonicSeconds());
    if (this.#recentErrors.length > RECENT_KEPT)
      this.#recentErrors = this.#recentErrors.slice(-RECENT_KEPT / 2);
  }

  report(): MetricsReport {
    const processed = this.#succeeded + this.#failed;
    return {
      files_processed: processed,
      files_succeeded: this.#succeeded,
      files_failed: this.#failed,
      success_rate_percent: processed === 0 ? 100 : Math.round((this.#succeeded / processed) * 1e4) / 100,
      uptime_seconds: Math.round((monotonicSeconds() - this.#startedAt) * 10) / 10,
      last_processed_time: latest(this.#lastSuccess, this.#lastError),
      last_success_time: this.#lastSuccess,
      last_error_time: this.#lastError,
      last_error_message: this.#lastErrorMessage,
      recent_error_count: this.#recentErrors.filter((time) => monotonicSeconds() - time < RECENT_SECONDS)
        .length,
    };
  }
}

const latest = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b));
