import type { ExtractionError } from '../errors.js';
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

const RECENT_MINUTES = 60;

/** Counts what became of files since the monitor started: each file once, when it is settled. */
export class Metrics {
  readonly #startedAt = monotonicSeconds();
  #succeeded = 0;
  #failed = 0;
  #lastSuccess: number | null = null;
  #lastError: number | null = null;
  #lastErrorMessage: string | null = null;
  /** How many there were in each of the last minutes, by the monotonic clock. */
  readonly #errorsByMinute = new Map<number, number>();

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
    const minute = minuteNow();
    this.#errorsByMinute.set(minute, (this.#errorsByMinute.get(minute) ?? 0) + 1);
    for (const each of this.#errorsByMinute.keys())
      if (each <= minute - RECENT_MINUTES) this.#errorsByMinute.delete(each);
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
      recent_error_count: this.#recentErrors(),
    };
  }

  #recentErrors(): number {
    const oldest = minuteNow() - RECENT_MINUTES;
    let count = 0;
    for (const [minute, errors] of this.#errorsByMinute) if (minute > oldest) count += errors;
    return count;
  }
}

const minuteNow = () => Math.floor(monotonicSeconds() / 60);

const latest = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b));
