import pg from 'pg';
import { StoreError, type StoreErrorKind, UsageError } from '../../errors.js';
import { shownFile } from '../../native/addon.js';
import { publicName } from '../location.js';
import { missingPassword } from './address.js';

const DENIED = '42501';

/** Kind and words by SQLSTATE, or by its class of two characters; appendix A of PostgreSQL's manual. */
const PROBLEMS: Record<string, readonly [StoreErrorKind, string]> = {
  '08': ['unreachable', 'lost the connection'],
  '22': ['refused', 'refuses a row'],
  '23': ['refused', 'refuses a row'],
  '25P': ['unreachable', 'ended the connection for a limit on how long a transaction may take'],
  '25006': ['read_only', 'is read-only: it is a standby or set to read-only'],
  '28': ['unusable', 'rejects this user: check user and password in the URL or the password file'],
  '3D000': ['missing', 'does not exist on its server: create it with "createdb"'],
  '3F000': ['missing', 'has no schema for the tables: create one or set search_path'],
  '40': ['locked', 'aborted the transaction in favour of another'],
  '44': ['refused', 'refuses a row'],
  [DENIED]: ['read_only', 'denies this user access to its tables: grant SELECT, INSERT, UPDATE and DELETE'],
  '42P01': ['missing', 'has no pointing monitor tables yet: run a monitor or a backfill first'],
  '53100': ['full', "cannot grow because its server's disk is full: free some space"],
  '533': ['unreachable', 'has no free connections: raise max_connections or put a pooler in front of it'],
  '53': ['unreachable', 'has run out of a resource: check the memory and the limits of its server'],
  '54': ['refused', 'refuses a row'],
  '55P03': ['locked', 'is locked by another program: find it in pg_stat_activity and let it finish'],
  '57014': ['locked', 'did not answer in time: look for locks and load in pg_stat_activity'],
  '57P': ['unreachable', 'is shutting down or starting up: wait, or check its server'],
  '58030': ['unusable', 'cannot read or write its files: check the disk of its server'],
  // Raised by a function of another program's trigger.
  P0: ['refused', 'refuses a row'],
  XX001: [
    'corrupt',
    `is damaged: stop the monitor, then follow database_corrupt in ${shownFile('docs/runbook.md')}`,
  ],
  XX002: ['corrupt', 'has a damaged index: rebuild it with REINDEX'],
};

/** Commits with a notification fail, whatever is in them. */
const NOTIFY_QUEUE = [
  'unusable',
  'cannot commit because its queue of notifications is full: end the session that has listened in a transaction for long',
] as const;

/** By the policies of row-level security: the right to the table is there. */
const ROW_DENIED = ['refused', 'refuses a row'] as const;
/** Its words are in the server's language. */
const isNotifyQueueFull = ({ routine }: pg.DatabaseError): boolean => routine === 'PreCommit_Notify';
const isRowDenied = ({ code, routine }: pg.DatabaseError): boolean =>
  code === DENIED && routine === 'ExecWithCheckOptions';

/** An error of the client library as one that an operator can act on. Internal errors are passed on. */
export function storeErrorOf(error: unknown, location: string): unknown {
  if (error instanceof StoreError || error instanceof UsageError || !(error instanceof Error)) return error;
  const name = publicName(location);
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    const wanted = code.startsWith('28') ? wantedPassword(location) : undefined;
    if (wanted)
      return new StoreError('unusable', `the database ${name} requires ${wanted}`, { cause: error });
    const [kind, what] = (isNotifyQueueFull(error) ? NOTIFY_QUEUE : undefined) ??
      (isRowDenied(error) ? ROW_DENIED : undefined) ??
      PROBLEMS[code] ??
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
      `the database ${name} requires ${wantedPassword(location) ?? 'a password: add a line for each of its servers to the password file'}`,
      { cause: error },
    );
  if (isBusy(error))
    return new StoreError(
      'locked',
      `the database ${name} has not answered earlier queries: look for locks and load in pg_stat_activity`,
      { cause: error },
    );
  const problem = connectionProblem(error);
  if (problem) return new StoreError('unusable', `the database ${name} ${problem}`, { cause: error });
  // A socket's error, or the library's own words for a connection that broke or a server that does not answer.
  return new StoreError(
    'unreachable',
    `the database ${name} cannot be reached (${wordsOf(error)}): check its server and the network`,
    { cause: error },
  );
}

/** The same where the location was right once: a file that it names and that cannot be read now may be readable soon. */
export function laterErrorOf(error: unknown, location: string): unknown {
  const problem = storeErrorOf(error, location);
  return problem instanceof UsageError
    ? new StoreError('unusable', problem.message, { cause: error })
    : problem;
}

/** Undefined if one is given, or a file that the location names cannot be read. */
function wantedPassword(location: string): string | undefined {
  try {
    return missingPassword(location);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

const MISTRUSTED = /^(UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID$)/;
const FORBIDDEN = ['EAFNOSUPPORT', 'EPERM', 'ENETUNREACH'];

/** What keeps this process from a server that may be well. */
function connectionProblem(error: Error): string | undefined {
  const errors = error instanceof AggregateError ? error.errors : [error];
  const codes = errors.map(({ code }: NodeJS.ErrnoException) => code ?? '');
  if (codes.some((code) => MISTRUSTED.test(code)))
    return `has a certificate that cannot be trusted (${wordsOf(error)}): set sslrootcert to its authority's certificate and use the name that it is for, see ${shownFile('docs/many-hosts.md')}`;
  if (/does not support SSL/.test(error.message))
    return 'offers no TLS, without which anyone in between can read the password: turn on ssl at the server, or allow it with sslmode=disable in the URL';
  if (codes.length > 0 && codes.every((code) => FORBIDDEN.includes(code)))
    return `cannot be reached because this process may not use the network (${codes.join(', ')}): for a unit, install ${shownFile('ops/systemd/postgresql.conf')} with the server's address`;
  return undefined;
}

/** Where several addresses were tried, Node's error has no words of its own; of an address that it never had it gives "undefined". */
function wordsOf(error: Error): string {
  if (error.message) return error.message.replace(' - Local (undefined:undefined)', '');
  return error instanceof AggregateError ? error.errors.map(wordsOf).join('; ') : error.name;
}

/** All connections of a pool were in use for too long; the server is there. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect';

/** Whether the server takes no writes from anybody: a standby, or one set to read-only. */
export const isReadOnlyServer = (problem: unknown): boolean =>
  problem instanceof StoreError && problem.kind === 'read_only' && sqlState(problem.cause) !== DENIED;

/** Undefined unless the server itself said it. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;
