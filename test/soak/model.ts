import assert from 'node:assert/strict';
import { waitFor } from '../helpers/wait.js';
import { historyOf, type LedgerRow, ledgerOf, requireSound } from './database.js';
import type { Observation } from './supply.js';

/** Generous for a loaded machine, and bounded. */
const SETTLE_SECONDS = 180;

interface OnDisk extends Observation {
  /** Milliseconds of `performance.now()`. */
  readonly since: number;
  /** On a file system of its own, which comes and goes as a whole. */
  readonly mounted: boolean;
}

/** What must be in the database, by what was done to the files and the database. */
export class Model {
  readonly #files = new Map<string, OnDisk>();
  /** Files that can never have a row, by the code they must have, and paths that are no files. */
  readonly #bad = new Map<string, string>();
  readonly #odd = new Set<string>();
  /** Rows that must be there though their files are gone, and rows that can be. */
  #kept = new Set<number>();
  readonly #perhaps = new Set<number>();
  /** Rows that must not be there while their path holds another observation. */
  readonly #replaced = new Map<number, string>();
  /** Had more than one path: the ledger may know one of them, whose row stays when another is replaced. */
  readonly #severalPaths = new Set<number>();
  /** Rows of another program. */
  #foreign = new Set<number>();

  /** Another number for every database that took another's place, and once the monitor has noticed. */
  generation = 0;
  #isNoticed = true;

  get files(): ReadonlyMap<string, Observation> {
    return this.#files;
  }

  /** Those that can be moved, replaced and deleted. */
  get looseFiles(): [string, Observation][] {
    return [...this.#files].filter(([, { mounted }]) => !mounted);
  }

  get badFiles(): number {
    return this.#bad.size;
  }

  /** At a new path, or in the place of another. */
  arrived(path: string, { file, row }: Observation, mounted = false): void {
    const old = this.#files.get(path)?.row.timestamp;
    if (old !== undefined && this.#severalPaths.has(old)) this.#perhaps.add(old);
    else if (old !== undefined) this.#replaced.set(old, path);
    this.#files.set(path, { file, row, mounted, since: performance.now() });
  }

  arrivedBad(path: string, code: string): void {
    this.#bad.set(path, code);
  }

  arrivedOdd(path: string): void {
    this.#odd.add(path);
  }

  moved(path: string, target: string): void {
    const observation = this.#observation(path);
    this.#files.delete(path);
    this.named(target, observation);
  }

  /** A file has another name. */
  named(path: string, observation: Observation): void {
    this.#severalPaths.add(observation.row.timestamp);
    this.arrived(path, observation);
  }

  /** A file that had its row keeps it. */
  deleted(path: string, hadRow: boolean): void {
    const { timestamp } = this.#observation(path).row;
    this.#files.delete(path);
    (hadRow && this.#isNoticed ? this.#kept : this.#perhaps).add(timestamp);
  }

  addedByOthers(timestamp: number): void {
    this.#foreign.add(timestamp);
  }

  /** What a copy of the database that is made now will hold for certain. Returns what is to be called once it is in place. */
  remember(): () => void {
    const kept = new Set(this.#kept);
    const foreign = new Set(this.#foreign);
    return () => {
      this.#forgetAllBut(kept, foreign);
      this.#isNoticed = false;
    };
  }

  /** The monitor has opened the copy. Until then a reader sees it with the log of the file before it, and so rows that it will not have. */
  noticed(): void {
    this.generation++;
    this.#isNoticed = true;
  }

  /** The database was deleted, and its history with it. */
  lostHistory(): void {
    this.#forgetAllBut(new Set(), new Set());
  }

  #forgetAllBut(kept: Set<number>, foreign: Set<number>): void {
    this.generation++;
    for (const timestamp of [...this.#kept, ...this.#foreign]) this.#perhaps.add(timestamp);
    this.#kept = kept;
    this.#foreign = foreign;
  }

  #observation(path: string): Observation {
    return this.#files.get(path) as Observation;
  }

  /** Files that have been on disk for this time and lack their row in the ledger. */
  overdue(ledger: ReadonlyMap<string, LedgerRow>, seconds: number): string[] {
    const before = performance.now() - seconds * 1000;
    return [...this.#files]
      .filter(([path, { row, since }]) => since < before && ledger.get(path)?.timestamp !== row.timestamp)
      .map(([path]) => path);
  }

  /** Waits until every file has its row, and compares the whole database with the model. */
  async check(productsDb: string): Promise<void> {
    let missing: string[] = [];
    const complete = async () => {
      missing = this.overdue(await ledgerOf(productsDb).catch(() => new Map()), 0);
      return missing.length === 0;
    };
    await waitFor('a ledger row for every file on disk', complete, SETTLE_SECONDS).catch((error: Error) => {
      throw new Error(`${error.message}; without: ${missing.length}, such as ${missing.slice(0, 3)}`);
    });
    const ledger = await ledgerOf(productsDb);
    const history = await historyOf(productsDb);
    for (const [path, { row }] of this.#files) {
      assert.equal(ledger.get(path)?.state, 'stored', path);
      assert.deepEqual(history.get(row.timestamp), row, path);
    }
    for (const [path, code] of this.#bad) {
      assert.equal(ledger.get(path)?.error_code, code, path);
      assert.equal(ledger.get(path)?.timestamp, null, path);
    }
    for (const path of this.#odd) assert.ok(!ledger.has(path), `${path} is no file and has a row`);
    this.#checkHistory(history, ledger);
    await requireSound(productsDb);
  }

  #checkHistory(history: ReadonlyMap<number, unknown>, ledger: ReadonlyMap<string, LedgerRow>): void {
    for (const timestamp of this.#kept)
      assert.ok(history.has(timestamp), `the row of a deleted file is gone: ${timestamp}`);
    for (const timestamp of this.#foreign)
      assert.ok(history.has(timestamp), `the row of another program is gone: ${timestamp}`);
    for (const [timestamp, path] of this.#replaced) {
      // Where the path itself is gone, the monitor may never have seen its second file.
      if (!this.#files.has(path)) continue;
      const holders = [...ledger.values()].filter((row) => row.timestamp === timestamp);
      assert.ok(
        !history.has(timestamp),
        `a replaced row is still there: ${timestamp} ${JSON.stringify(holders)}`,
      );
    }
    const known = new Set([
      ...[...this.#files.values()].map(({ row }) => row.timestamp),
      ...this.#kept,
      ...this.#perhaps,
      ...this.#foreign,
      ...this.#replaced.keys(),
    ]);
    for (const timestamp of history.keys())
      assert.ok(known.has(timestamp), `a row that nobody made: ${timestamp}`);
  }
}
