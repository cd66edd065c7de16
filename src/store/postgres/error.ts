import pg from 'pg';
import { StoreError, type StoreErrorKind, UsageError } from '../../errors.js';
import { publicName } from '../location.js';

/** Kind and words by SQLSTATE, or by its class of two characters; appendix A of PostgreSQL's manual. */
const PROBLEMS: Record<string, readonly [StoreErrorKind, string]> = {
  '08': ['unreachable', 'lost the connection'],
  '22': ['refused', 'refuses a row'],
  '23': ['refused', 'refuses a row'],
  '25006': ['read_only', 'is read-only: it is a standby or set to read-only'],
  '28': ['unusable', 'rejects this user: check user and password in the URL or the password file'],
  '3D000': ['missing', 'does not exist on its server: create it with "createdb"'],
  '3F000': ['missing', 'has no schema for the tables: create one or set search_path'],
  '40': ['locked', 'aborted the transaction in favour of another'],
  '42501': ['read_only', 'denies this user access to its tables: grant SELECT, INSERT, UPDATE and DELETE'],
  '42P01': ['missing', 'has no pointing monitor tables yet: run a monitor or a backfill first'],
  '53100': ['full', "cannot grow because its server's disk is full: free some space"],
  '53': ['unreachable', 'has no free connections: raise max_connections or put a pooler in front of it'],
  '54': ['refused', 'refuses a row'],
  '55P03': ['locked', 'is locked by another program: find it in pg_stat_activity and let it finish'],
  '57014': ['locked', 'did not answer in time: look for locks and load in pg_stat_activity'],
  '57P': ['unreachable', 'is shutting down or starting up: wait, or check its server'],
  '58030': ['unusable', 'cannot read or write its files: check the disk of its server'],
  XX001: ['corrupt', 'is damaged: restore a backup'],
  XX002: ['corrupt', 'has a damaged index: rebuild it with REINDEX'],
};

/** An error of the client library as one that an operator can act on. Internal errors are passed on. */
export function storeErrorOf(error: unknown, location: string): unknown {
  if (error instanceof StoreError || error instanceof UsageError || !(error instanceof Error)) return error;
  const name = publicName(location);
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    const [kind, what] = PROBLEMS[code] ??
      PROBLEMS[code.slice(0, 3)] ??
      PROBLEMS[code.slice(0, 2)] ?? ['unusable', 'returned an error'];
    return new StoreError(kind, `the database ${name} ${what} (${error.message}, SQLSTATE ${code})`, {
      cause: error,
    });
  }
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
    return error;
  if (/password must be a/.test(error.message))
    return new StoreError(
      'unusable',
      `the database ${name} wants a password: put it into ~/.pgpass (mode 0600) or the file that PGPASSFILE names`,
      { cause: error },
    );
  // A socket's error, or the library's own words for a connection that broke or a server that does not answer.
  return new StoreError(
    'unreachable',
    `the database ${name} cannot be reached (${wordsOf(error)}): check its server and the network`,
    { cause: error },
  );
}

/** Where several addresses were tried, Node's error has no words of its own. */
function wordsOf(error: Error): string {
  if (error.message) return error.message;
  return error instanceof AggregateError ? error.errors.map(({ message }) => message).join('; ') : error.name;
}

/** Undefined unless the server itself said it. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;
