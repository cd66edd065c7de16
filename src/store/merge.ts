/**
 * Copies the rows of one products database into another, on either backend.
 *
 * A file's ledger row and history row go together, as the monitor writes them. If both databases have a file (the same
 * path, and in PostgreSQL the same host), the row that takes precedence wins (store/precedence.ts) and keeps its recording
 * time; the other's history row goes, unless another file has it. Files of one observation share its history row; if they
 * give it different positions, the one recorded last wins. So neither the order nor the number of merges matters, and an
 * interrupted merge starts over.
 *
 * History rows without a file belong to other programs: they are added where no observation exists, and existing rows stay.
 * A file's row is added beside one that nearly has its time, so merge a repaired database of the Python monitor last. Rows
 * with the Python monitor's wrong times are left out and counted: repair them where they are. Rows without a position are
 * left out too. A file's row at such a time comes from its header, and is correct.
 */
import { whyImplausible } from './plausible.js';
import type { HistoryReader } from './reader.js';
import type { FileRows, HistoryRow, UnattributedRow } from './rows.js';
import { otherWork } from './sql-session.js';
import type { Store } from './writer.js';

export const noCounts = () => ({
  /** Rows of both kinds that there are to read. */
  total: 0,
  /** Files that were read, and what became of them. */
  files: 0,
  added: 0,
  newer: 0,
  kept: 0,
  /** Files that are stored by the ledger and have no position in the history; left out. */
  withoutRow: 0,
  /** History rows of no file that were read, and what became of them; others had their observation there already. */
  withoutFile: 0,
  withoutFileAdded: 0,
  wrongTime: 0,
  withoutPosition: 0,
  impossibleTime: 0,
  transitsAdded: 0,
});
export type MergeCounts = ReturnType<typeof noCounts>;

export type Target = Pick<Store, 'mergeFiles' | 'mergeHistory' | 'addTransits'>;

/** Merges, page by page until `aborted`, and counts as it goes. Throws a StoreError of either database. */
export async function merge(
  from: HistoryReader,
  into: Target,
  counts: MergeCounts,
  aborted: () => boolean,
): Promise<void> {
  counts.total = await from.countRows();
  for await (const page of from.files()) {
    await otherWork();
    if (aborted()) return;
    // A stored file without its history row: somebody removed it, and it is no reason to remove the target's.
    const whole = page.filter((file) => file.state !== 'stored' || isPositioned(file));
    const { added, newer, kept } = await into.mergeFiles(whole);
    counts.withoutRow += page.length - whole.length;
    counts.files += page.length;
    counts.added += added;
    counts.newer += newer;
    counts.kept += kept;
  }
  // After the files: a file's row may take the place of one at whose time another program's row belongs.
  for await (const page of from.unattributedHistory()) {
    await otherWork();
    if (aborted()) return;
    counts.withoutFileAdded += await into.mergeHistory(page.filter((row) => isPlausible(row, counts)));
    counts.withoutFile += page.length;
  }
  for await (const page of from.transits()) {
    if (aborted()) return;
    counts.transitsAdded += await into.addTransits(page);
  }
}

const isPositioned = ({ timestamp, raDeg, decDeg }: FileRows) =>
  [timestamp, raDeg, decDeg].every(Number.isFinite);

function isPlausible(row: UnattributedRow, counts: MergeCounts): row is HistoryRow {
  const why = whyImplausible(row);
  if (why === 'wrong_time') counts.wrongTime++;
  else if (why === 'no_position') counts.withoutPosition++;
  else if (why) counts.impossibleTime++;
  return why === undefined;
}
