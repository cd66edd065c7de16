import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError, type StoreErrorKind } from '../errors.js';

/** Errors that pass without anybody touching the database itself. */
const PASSING: readonly StoreErrorKind[] = ['locked', 'unreachable'];
const PAUSE_SECONDS = 1;

/**
 * Does `work`, repeatedly while the database is unreachable or locked, for `forSeconds` or until `aborted`. `onWait` gets
 * each error's message once. Throws the last error when the time is up, or at once one that does not pass by itself.
 */
export async function retryWhileUnavailable<T>(
  work: () => Promise<T>,
  forSeconds: number,
  onWait: (message: string) => void,
  aborted: () => boolean = () => false,
): Promise<T> {
  const deadline = performance.now() + forSeconds * 1000;
  for (let told = ''; ; ) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof StoreError && PASSING.includes(error.kind);
      if (!passes || aborted() || performance.now() >= deadline) throw error;
      if (error.message !== told) onWait(error.message);
      told = error.message;
      await sleep(PAUSE_SECONDS * 1000);
    }
  }
}
