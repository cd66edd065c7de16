import { createHash } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { databaseLocation, isPostgres } from '../store/location.js';
import { variables } from './schema/environment.js';
import type { Variable } from './schema/types.js';
import { parseValue, shown } from './schema/value.js';

const STATUS_FILE_NAME = 'pointing-monitor-status.json';

/** What the environment says, read and checked once. An empty variable is one that is not set. */
export interface Environment {
  readonly variables: Readonly<Partial<Record<Variable, string>>>;
  readonly productsDb: string | undefined;
  readonly stateDir: string | undefined;
  /** This host's name in a database that several hosts share. */
  readonly host: string;
  /** Whether somebody gave it that name; else it is the system's. */
  readonly hostIsGiven: boolean;
}

/** Throws a UsageError for a variable that no command could use. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const given: Partial<Record<Variable, string>> = {};
  for (const [name, value] of Object.entries(variables)) {
    const text = env[name];
    if (!text) continue;
    parseValue(value, text, name);
    given[name as Variable] = text;
  }
  return Object.freeze({
    variables: Object.freeze(given),
    productsDb: given.PIPELINE_PRODUCTS_DB,
    stateDir: given.PIPELINE_STATE_DIR,
    host: given.PIPELINE_HOST ?? hostname(),
    hostIsGiven: given.PIPELINE_HOST !== undefined,
  });
}

/** Where the products database is: an absolute path or a PostgreSQL URL. Throws a UsageError where nobody says. */
export function requireProductsDb(given: string | undefined): string {
  if (given === undefined)
    throw new UsageError('no products database: name it on the command line or set PIPELINE_PRODUCTS_DB');
  return databaseLocation(given);
}

/** The flag, else the state directory, else beside the database. */
export function statusFilePath(
  given: string | undefined,
  environment: Environment,
  productsDb: string | undefined,
): string {
  if (given !== undefined) return resolve(given);
  const beside = productsDb && !isPostgres(productsDb) ? dirname(productsDb) : undefined;
  const directory = environment.stateDir ?? beside;
  if (!directory)
    throw new UsageError('no status file: name it with --status-file or set PIPELINE_STATE_DIR');
  return resolve(join(directory, STATUS_FILE_NAME));
}

/**
 * Files that note that this host has stored rows in an SQLite database, away from it: where its file system is not mounted, they are
 * there. In the monitor's state directory, which may be on that file system, and in one of the host's own: the unit's, which
 * systemd names, else the user's.
 */
export function knownDatabaseMarks({ stateDir }: Environment, productsDb: string): string[] {
  const name = createHash('sha256').update(productsDb).digest('hex').slice(0, 16);
  const ofUser = join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'pointing-monitor');
  const [ofUnit] = (process.env.STATE_DIRECTORY ?? '').split(':');
  return [stateDir, ofUnit || ofUser]
    .filter((directory) => directory !== undefined)
    .map((directory) => join(directory, 'known-databases', name));
}

/** The absolute path of a directory that can be listed. Throws a UsageError for any other path. */
export function requireDirectory(path: string, what: string): string {
  try {
    if (!statSync(path).isDirectory()) throw new UsageError(`${what} ${shown(path)} is not a directory`);
    accessSync(path, constants.R_OK | constants.X_OK);
    return resolve(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`${what} ${shown(path)} does not exist`);
    if (code === 'EACCES')
      throw new UsageError(`this user cannot read ${what} ${shown(path)}: check its owner and mode`);
    throw new UsageError(`cannot read ${what} ${shown(path)}: ${(error as Error).message}`);
  }
}
