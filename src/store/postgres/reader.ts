import { SqlReader } from '../sql-reader.js';
import type { SqlReaderOptions } from '../sql-session.js';
import { Connections } from './connection.js';
import { PostgresDatabase } from './database.js';

/** Requests that ask the database at the same time; others wait. */
const CONNECTIONS = 4;

/** Reads one PostgreSQL database: the history and the files of all hosts. Creates nothing in it. */
export function openPostgresReader(options: SqlReaderOptions & { readonly host: string }): SqlReader {
  const { location, host } = options;
  return new SqlReader(new PostgresDatabase(location, new Connections(location, CONNECTIONS), host), options);
}
