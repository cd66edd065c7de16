import { StoreError, UsageError } from '../errors.js';

/**
 * What a thread works with, opened at its first task. Where that fails it is opened again at the next: a certificate that is being
 * replaced is there a moment later.
 */
export function openedOnce<Opened>(open: () => Promise<Opened>): () => Promise<Opened> {
  let opened: Promise<Opened> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error instanceof UsageError ? new StoreError('unusable', error.message, { cause: error }) : error;
    });
    return opened;
  };
}
