import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROW } from '../../sky/history/taken.js';
import type { HistoryReader } from '../../store/reader.js';
import { mjdUtc } from '../../units.js';
import { BLOCK_ROWS, type Block, firstOf, joined, lastOf, split } from './block.js';

export type TimelineReader = Pick<HistoryReader, 'version' | 'historyColumns'>;

/** A comparison runs at most this share of the time: a fifth. */
const REST_PER_COMPARISON = 4;
/** How long an answer waits for older rows to be compared; small histories are done by then. */
const MAX_WAIT_MS = 250;
/** Rows of a clock that is ahead become plausible without a change of the database. */
const LOOK_AGAIN_MS = 60_000;
const BEFORE_ALL = -Number.MAX_VALUE;
const AFTER_ALL = Number.MAX_VALUE;

/** What changed between two revisions: rows within these times, both included. */
export interface ChangedSpan {
  readonly fromMjd: number;
  readonly toMjd: number;
}

/**
 * The history in memory, 56 bytes a row, brought up to date by what changed. Rows newer than all others are read at once.
 * After any change the older rows are compared with the database, block by block, and those that differ replaced.
 */
export class Timeline {
  #blocks: readonly Block[] = [];
  /** Another thread's numbers, of before or after, are not these. */
  #revision = randomInt(2 ** 40);
  #changes: (ChangedSpan & { readonly revision: number })[] = [];
  #version: string | undefined;
  #tailReadAt = Number.NEGATIVE_INFINITY;
  #tail: Promise<void> | undefined;
  #comparedVersion: string | undefined;
  #comparison: Promise<void> | undefined;
  #compareFrom = Number.NEGATIVE_INFINITY;
  readonly #reader: TimelineReader;

  constructor(reader: TimelineReader) {
    this.#reader = reader;
  }

  /** The history of this moment. */
  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** Another number after every change of a row, and only then. */
  get revision(): number {
    return this.#revision;
  }

  /** All that changed after a revision; undefined where that is not remembered. */
  changedSince(revision: number): ChangedSpan | undefined {
    const later = this.#changes.filter((change) => change.revision > revision);
    if (later.length === 0 || (later[0]?.revision ?? 0) !== revision + 1) return undefined;
    return {
      fromMjd: Math.min(...later.map(({ fromMjd }) => fromMjd)),
      toMjd: Math.max(...later.map(({ toMjd }) => toMjd)),
    };
  }

  /** Brings the history up to date. Throws a StoreError where the database cannot be read. */
  async refresh(): Promise<void> {
    const version = await this.#reader.version();
    // One under way may have begun before this version.
    await this.#tail;
    if (version !== this.#version || performance.now() - this.#tailReadAt > LOOK_AGAIN_MS) {
      this.#tail ??= this.#readTail(version).finally(() => {
        this.#tail = undefined;
      });
      await this.#tail;
    }
    if (version === this.#comparedVersion) return;
    const wait = this.#compareFrom - performance.now();
    if (!this.#comparison && wait > 0) {
      if (wait > MAX_WAIT_MS) return;
      await sleep(wait);
    }
    this.#comparison ??= this.#compare().finally(() => {
      this.#comparison = undefined;
    });
    const done = this.#comparison;
    // Where the answer does not wait for it, the next question asks for its error.
    done.catch(() => {});
    await Promise.race([done, sleep(MAX_WAIT_MS, undefined, { ref: false })]);
  }

  async #readTail(version: string): Promise<void> {
    this.#tailReadAt = performance.now();
    for await (const page of this.#reader.historyColumns(mjdUtc(this.#newestMjd), mjdUtc(AFTER_ALL))) {
      let known = 0;
      // A comparison may have brought some of them meanwhile.
      while (known < page.length && (page[known] as number) <= this.#newestMjd) known += ROW;
      if (known < page.length) this.#append(page.subarray(known));
    }
    this.#version = version;
  }

  get #newestMjd(): number {
    const last = this.#blocks.at(-1);
    return last ? lastOf(last) : BEFORE_ALL;
  }

  #append(rows: Float64Array): void {
    const last = this.#blocks.at(-1);
    const isFull = !last || last.length >= BLOCK_ROWS * ROW;
    const all = isFull ? rows : joined([last, rows]);
    this.#blocks = [...(isFull ? this.#blocks : this.#blocks.slice(0, -1)), ...split(all)];
    this.#note(firstOf(rows), lastOf(rows));
  }

  async #compare(): Promise<void> {
    const begun = performance.now();
    const version = await this.#reader.version();
    for (let i = 0; i < Math.max(1, this.#blocks.length); ) i += await this.#compareBlock(i);
    this.#comparedVersion = version;
    const ended = performance.now();
    this.#compareFrom = ended + (ended - begun) * REST_PER_COMPARISON;
  }

  /** Gives how many blocks stand in the place of this one now. */
  async #compareBlock(index: number): Promise<number> {
    const block = this.#blocks[index];
    const next = this.#blocks[index + 1];
    const from = index === 0 || !block ? BEFORE_ALL : firstOf(block);
    const before = next ? firstOf(next) : Number.POSITIVE_INFINITY;
    const pages: Float64Array[] = [];
    for await (const page of this.#reader.historyColumns(mjdUtc(from), mjdUtc(next ? before : AFTER_ALL)))
      pages.push(page);
    const read = joined(pages);
    const rows = lastOf(read) === before ? read.subarray(0, -ROW) : read;
    // New rows were appended meanwhile.
    if (this.#blocks[index] !== block || this.#blocks[index + 1] !== next) return 0;
    const difference = differenceOf(block ?? new Float64Array(0), rows);
    if (!difference) return 1;
    const blocks = [...split(rows)];
    this.#blocks = this.#blocks.toSpliced(index, 1, ...blocks);
    this.#note(difference.fromMjd, difference.toMjd);
    return blocks.length;
  }

  #note(fromMjd: number, toMjd: number): void {
    this.#changes.push({ revision: ++this.#revision, fromMjd, toMjd });
    if (this.#changes.length > REMEMBERED_CHANGES) this.#changes.shift();
  }
}

const REMEMBERED_CHANGES = 1000;

/** The times between which rows differ. */
function differenceOf(a: Float64Array, b: Float64Array): ChangedSpan | undefined {
  let start = 0;
  const shorter = Math.min(a.length, b.length);
  while (start < shorter && a[start] === b[start]) start++;
  if (start === a.length && start === b.length) return undefined;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const first = start - (start % ROW);
  const times = [a, b].flatMap((rows) => {
    const last = rows.length - 1 - end;
    return last < first ? [] : [rows[first] as number, rows[last - (last % ROW)] as number];
  });
  return { fromMjd: Math.min(...times), toMjd: Math.max(...times) };
}
