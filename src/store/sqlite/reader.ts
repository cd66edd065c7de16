import { SqlReader } from '../sql-reader.js';
import type { SqlReaderOptions } from '../sql-session.js';
import { SqliteDatabase } from './database.js';
import { type LockWait, SqliteFile } from './file.js';

/** Reads one SQLite file through a connection that cannot write, and another file once it is in its place. */
export function openSqliteReader(options: SqlReaderOptions & { readonly lockWait: LockWait }): SqlReader {
  const { location, lockWait } = options;
  return new SqlReader(new SqliteDatabase(new SqliteFile(location, { access: 'read', lockWait })), options);
}
