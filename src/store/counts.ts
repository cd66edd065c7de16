import { counted } from '../units.js';
import type { FileState } from './rows.js';

/**
 * How many files there are in each state: the words and the sums of every command, route, page and metric.
 * `stored` files have their rows, `waiting` ones are retried, `failed` ones stand until they change; all others are `unaccounted`.
 */
export type FileCounts = Readonly<Record<FileState | 'unaccounted', number>>;

/** Of which files a count speaks; it is said with each. */
export type CountScope = 'on disk' | 'in the ledger' | 'in this run' | 'since start';

/** The files that a status or `verify --json` counts on disk, where `with_row` is the name of the stored ones. */
export const countsOnDisk = ({
  with_row: stored,
  waiting,
  failed,
  unaccounted,
}: Readonly<Record<'with_row' | 'waiting' | 'failed' | 'unaccounted', number>>): FileCounts => ({
  stored,
  waiting,
  failed,
  unaccounted,
});

/** The files of several hosts together. */
export const sumOf = (all: readonly FileCounts[]): FileCounts => {
  const sum = (state: keyof FileCounts) => all.reduce((total, counts) => total + counts[state], 0);
  return {
    stored: sum('stored'),
    waiting: sum('waiting'),
    failed: sum('failed'),
    unaccounted: sum('unaccounted'),
  };
};

/** All of them. */
export const totalOf = ({ stored, waiting, failed, unaccounted }: FileCounts): number =>
  stored + waiting + failed + unaccounted;

/** `45 files on disk: 40 stored, 2 waiting, 3 failed, 0 unaccounted`. */
export const countsInWords = (counts: FileCounts, scope: CountScope): string =>
  `${counted(totalOf(counts), 'file')} ${scope}: ${counts.stored} stored, ${counts.waiting} waiting, ${counts.failed} failed, ${counts.unaccounted} unaccounted`;
