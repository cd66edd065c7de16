import { declinedBecause, outcomeOf, versionOf } from '../native/columns.js';
import { headers, type PointingColumns } from '../native/headers.js';
import type { FileVersion, Outcome } from '../native/outcome.js';

export interface DirectReading {
  /** Files read at once at most: more than cores, since a cold disk is what they wait for. */
  readonly filesAtOnce: number;
  /** A header takes milliseconds; a disk that is overloaded, or a file system that hangs, takes longer than this. */
  readonly secondsPerFile: number;
  /** Files outside this directory, through a link, are `unsupported`; undefined: links lead anywhere. */
  readonly root: string | undefined;
}

/** What the direct reader makes of a file: an outcome, why it leaves the file to libhdf5, or that the file system does not answer. */
export type DirectResult =
  | { readonly outcome: Outcome }
  | { readonly declined: string; readonly version?: FileVersion }
  | { readonly unanswered: true };

/**
 * Reads in the calling thread, which waits for native threads of the addon (native/uvh5/file_readers.h). Every file is answered for
 * within its time: a thread that waits for a dead file system is replaced.
 */
export const readDirect = (
  paths: readonly string[],
  { filesAtOnce, secondsPerFile, root }: DirectReading,
): PointingColumns => headers().readPointings(paths, 'direct', filesAtOnce, secondsPerFile, root);

/** One result per path, in their order. */
export const resultsOf = (paths: readonly string[], columns: PointingColumns): DirectResult[] =>
  paths.map((path, i) => resultOf(path, columns, i));

function resultOf(path: string, columns: PointingColumns, i: number): DirectResult {
  const outcome = outcomeOf(path, columns, i);
  // The direct reader's own work is bounded: when its time is up, the file system has taken it.
  if (outcome?.error?.code === 'timeout') return { unanswered: true };
  if (outcome) return { outcome };
  const version = versionOf(columns, i);
  return { declined: declinedBecause(columns, i), ...(version && { version }) };
}
