/** Listing directory trees, off the calling thread. */
import { addon } from './addon.js';

export interface ScanBatch {
  readonly paths: string[];
  readonly sizeBytes: Float64Array;
  readonly mtimeUs: Float64Array;
  readonly ctimeUs: Float64Array;
  /** Directories and files that could not be read for a reason other than having vanished. */
  readonly troubles: readonly { readonly path: string; readonly message: string }[];
  readonly entriesSeen: number;
  /** Directories entered in this batch. */
  readonly directories: readonly string[];
}

export interface TreeScanner {
  /** At most `limit` files more, or null at the end. Rejects with a `code` (ENOENT, EACCES) if the root is unreadable. */
  next(limit: number): Promise<ScanBatch | null>;
  close(): void;
}

interface Scanner {
  readonly TreeScanner: new (root: string, pattern: string) => TreeScanner;
  matches(name: string, pattern: string): boolean;
}

export const openTreeScanner = (root: string, pattern: string): TreeScanner =>
  new (addon<Scanner>().TreeScanner)(root, pattern);

/** Whether a scan for `pattern` would report a file with this base name. */
export const matchesPattern = (name: string, pattern: string): boolean =>
  addon<Scanner>().matches(name, pattern);
