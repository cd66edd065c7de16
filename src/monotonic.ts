/**
 * Intervals by a clock that nobody sets. Wall time goes only into what is written: a clock that steps must not make a wait
 * longer, or an alarm silent.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds since this process started, whatever happens to the system's clock. */
export const monotonicSeconds = (): number => performance.now() / 1000;

/** Node.js fires a longer timer at once. */
const MAX_TIMER_SECONDS = 86_400;

/** Milliseconds for `setTimeout`, within what a timer can hold; a caller that needs longer looks again when it fires. */
export const timerMs = (seconds: number): number => Math.min(Math.max(0, seconds), MAX_TIMER_SECONDS) * 1000;

/** Resolves with the promise's value, or with undefined after this many seconds. The promise itself goes on. */
export async function within<T>(seconds: number, promise: Promise<T>): Promise<T | undefined> {
  const cancel = new AbortController();
  const late = sleep(timerMs(seconds), undefined, { signal: cancel.signal, ref: false }).catch(
    () => undefined,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel.abort();
  }
}
