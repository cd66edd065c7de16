import { forgetGone, restoreGone } from '../gone.js';
import { conditions } from '../ledger-filter.js';
import { sameTransit } from '../queries.js';
import { HistoryReader } from '../reader.js';
import type { FileResult, FileRows, HistoryRow, LedgerFilter, Merged, TransitRow } from '../rows.js';
import type { Store } from '../writer.js';
import { SqliteDatabase } from './database.js';
import { SqliteFile, type SqliteFileOptions } from './file.js';
import { mergeFilesInto, mergeHistoryInto } from './merge.js';
import { recordAll } from './record.js';
import { TRANSITS } from './schema.js';

/** The store in one SQLite file. */
export class SqliteStore extends HistoryReader implements Store {
  readonly #file: SqliteFile;

  constructor(path: string, options: Omit<SqliteFileOptions, 'access'>) {
    const file = new SqliteFile(path, { ...options, access: 'write' });
    super(new SqliteDatabase(file), { location: path, missing: 'error' });
    this.#file = file;
  }

  async record(results: readonly FileResult[]): Promise<readonly FileResult[]> {
    const recordedAt = Date.now() / 1000;
    // Neighbours share pages, and each page is written once a transaction. Several of one path keep their order.
    const inPathOrder = [...results].sort((a, b) => compare(a.outcome.path, b.outcome.path));
    const repeated = this.#file.write(() => recordAll(this.#file, inPathOrder, recordedAt));
    if (results.some(({ state }) => state === 'stored')) this.#file.noteRows();
    return repeated;
  }

  async forget(filter: LedgerFilter): Promise<number> {
    const { where, values } = conditions(filter);
    const sql = `UPDATE pointing_files SET state = 'waiting', attempts = 0 WHERE state = 'failed' AND ${where}`;
    return this.#file.write(() => this.#file.run(sql, values));
  }

  async waitingBelow(directory: string, limit: number): Promise<string[]> {
    const { where, values } = conditions({ under: directory });
    const sql = `SELECT path FROM pointing_files WHERE state = 'waiting' AND ${where} LIMIT ${limit}`;
    return this.#file.rows<{ path: string }>(sql, values).map(({ path }) => path);
  }

  async settleGone(paths: readonly string[]): Promise<void> {
    this.#file.write(() => {
      for (const path of paths)
        for (const settle of [restoreGone, forgetGone]) this.#file.run(settle('path = $1'), [path]);
    });
  }

  async addTransits(transits: readonly TransitRow[]): Promise<number> {
    return this.#file.write((sqlite) => {
      sqlite.exec(TRANSITS);
      const add = sqlite.prepare<TransitRow>(
        `INSERT INTO cal_transits SELECT @name, @mjdUtc WHERE NOT EXISTS (${sameTransit('@name', '@mjdUtc')})`,
      );
      return transits.reduce((added, transit) => added + add.run(transit).changes, 0);
    });
  }

  async mergeFiles(files: readonly FileRows[]): Promise<Merged> {
    const merged = this.#file.write(() => mergeFilesInto(this.#file, files));
    this.#file.noteRows();
    return merged;
  }

  async mergeHistory(rows: readonly HistoryRow[]): Promise<number> {
    return this.#file.write(() => mergeHistoryInto(this.#file, rows));
  }

  async putStatus(): Promise<void> {}

  async check(): Promise<void> {
    this.#file.check();
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
