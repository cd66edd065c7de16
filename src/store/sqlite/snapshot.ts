import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { HistoryReader } from '../reader.js';
import { SqliteDatabase } from './database.js';
import { SqliteFile } from './file.js';
import { logOf, realPath } from './log.js';

/**
 * An SQLite file at the moment it is opened, by one read transaction. With a write-ahead log nobody waits for it; without,
 * writers of the file do until it is closed.
 */
export function openSqliteSnapshot(path: string): HistoryReader {
  const file = new SqliteFile(path, { access: 'snapshot', lockWait: 'long' });
  return new HistoryReader(new SnapshotDatabase(file, realPath(path)), { location: path, missing: 'error' });
}

class SnapshotDatabase extends SqliteDatabase {
  readonly #path: string;
  readonly #hadLog: boolean;

  constructor(file: SqliteFile, path: string) {
    super(file);
    this.#path = path;
    this.#hadLog = existsSync(logOf(path));
  }

  override async close(): Promise<void> {
    await super.close();
    if (!this.#hadLog) removeEmptyLog(this.#path);
  }
}

/**
 * A reader of a database with a write-ahead log has to create the log, and must not remove it. SQLite does so itself when the
 * last connection that could write closes it, and knows whether another program has it open by then.
 */
function removeEmptyLog(path: string): void {
  if (!existsSync(logOf(path))) return;
  try {
    const sqlite = new Database(path, { fileMustExist: true, timeout: 0 });
    try {
      sqlite.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get();
    } finally {
      sqlite.close();
    }
  } catch (error) {
    // An empty log does no harm where it must stay.
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}
