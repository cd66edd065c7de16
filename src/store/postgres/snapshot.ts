import { HistoryReader } from '../reader.js';
import { connectedClient, WITHOUT_LIMIT } from './connection.js';
import { dialect } from './database.js';
import { storeErrorOf } from './error.js';

/** A PostgreSQL database at the moment it is opened, by one transaction for which nobody waits. */
export async function openPostgresSnapshot(location: string): Promise<HistoryReader> {
  // The next query reports a connection that breaks.
  const client = await connectedClient(location, (each) => void each.on('error', () => {})).catch((error) => {
    throw storeErrorOf(error, location);
  });
  const run = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => {
    try {
      return (await client.query<Row>(sql, [...values])).rows;
    } catch (error) {
      throw storeErrorOf(error, location);
    }
  };
  // The server ends what a broken connection has left.
  const close = () => client.end().catch(() => {});
  try {
    // What the rows are for can take longer than the server lets transactions of others idle. The view begins with the first query.
    await run(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off; ${WITHOUT_LIMIT}`);
  } catch (error) {
    await close();
    throw storeErrorOf(error, location);
  }
  const unused = () => Promise.reject(new Error('a snapshot does not change and has no host'));
  return new HistoryReader(
    { dialect, rows: run, numbers: unused, version: unused, classify: unused, close },
    { location, missing: 'error' },
  );
}
