/** Listing directory trees, off the calling thread. */
import { addon } from './addon.js';
import type { FileVersion } from './outcome.js';

export interface ScanBatch {
  readonly paths: string[];
  readonly sizeBytes: Float64Array;
  readonly mtimeUs: Float64Array;
  readonly ctimeUs: Float64Array;
  /** Directories and files that could not be read for a reason other than having vanished. */
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
  readonly entriesSeen: number;
  /** Directories entered in this batch. */
  readonly directories: readonly string[];
  /** Links to directories, which are not entered unless `followLinks` is set. */
  readonly linkedDirectories: PassedOver;
  /** Links to files outside the root whose names match, which are not listed unless `followLinks` is set. */
  readonly linksOutside: PassedOver;
}

export interface PassedOver {
  readonly count: number;
  /** The first of them. */
  readonly paths: readonly string[];
}

/**
 * What a path stands for, by the scanner's definition: a `file` is regular, or a link to a regular file that stays in the
 * root (or leads anywhere, with `followLinks`). Only a `file` whose base name matches is an observation's.
 */
export type PathLook =
  | ({ readonly kind: 'file' } & FileVersion)
  | { readonly kind: 'directory' | 'linked_directory' | 'outside' | 'other' | 'vanished' }
  | { readonly kind: 'unreadable'; readonly message: string };

export interface TreeScanner {
  /** At most `limit` files more, or null at the end. Rejects with a `code` (ENOENT, EACCES) if the root is unreadable. */
  next(limit: number): Promise<ScanBatch | null>;
  close(): void;
}

interface Scanner {
  readonly TreeScanner: new (
    root: string,
    pattern: string,
    followLinks: boolean,
    leaveOut: readonly string[],
    leaveLinks: boolean,
  ) => TreeScanner;
  lookAtPaths(paths: readonly string[], root: string, followLinks: boolean): Promise<PathLook[]>;
  matches(name: string, pattern: string): boolean;
}

/**
 * `leaveOut`: directories, each as the scan would name it, that are not entered. `leaveLinks`: what links lead to is not asked, and
 * those that matter are unreadable.
 */
export const openTreeScanner = (
  root: string,
  pattern: string,
  followLinks = false,
  leaveOut: readonly string[] = [],
  leaveLinks = false,
): TreeScanner => new (addon<Scanner>().TreeScanner)(root, pattern, followLinks, leaveOut, leaveLinks);

/** One look for each path, on a thread of libuv's pool, where a dead file system holds it up. */
export const lookAtPaths = (
  paths: readonly string[],
  root: string,
  followLinks = false,
): Promise<PathLook[]> => addon<Scanner>().lookAtPaths(paths, root, followLinks);

/** Whether a scan for `pattern` would report a file with this base name. */
export const matchesPattern = (name: string, pattern: string): boolean =>
  addon<Scanner>().matches(name, pattern);
