import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { DateRange } from '../files.js';
import { type LogLevel, parseLogLevel } from '../log/levels.js';
import { isPostgres, publicName } from '../store/location.js';
import { unixSeconds } from '../units.js';

const STATUS_FILE_NAME = 'pointing-monitor-status.json';

/** Defaults of the command line, from the environment of the seed guide's unit files. */
export interface Environment {
  readonly inputDir: string;
  readonly productsDb: string | undefined;
  readonly stateDir: string | undefined;
  readonly logLevel: LogLevel;
  /** This host's name in a database that several hosts share. */
  readonly host: string;
  /** Whether somebody gave it that name; else it is the system's. */
  readonly hostIsGiven: boolean;
}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  return Object.freeze({
    inputDir: env.CONTIMG_INPUT_DIR || '/data/incoming',
    productsDb: env.PIPELINE_PRODUCTS_DB || undefined,
    stateDir: env.PIPELINE_STATE_DIR || undefined,
    logLevel: parseLogLevel(env.CONTIMG_LOG_LEVEL || 'INFO'),
    host: env.PIPELINE_HOST || hostname(),
    hostIsGiven: Boolean(env.PIPELINE_HOST),
  });
}

/** Where the products database is: an absolute path or a PostgreSQL URL. Throws a UsageError if nobody says. */
export function requireProductsDb(given: string | undefined, environment: Environment): string {
  const location = given ?? environment.productsDb;
  if (!location)
    throw new UsageError('no products database: name it on the command line or set PIPELINE_PRODUCTS_DB');
  return databaseLocation(location);
}

/** An absolute path, or a PostgreSQL URL as it is. Throws a UsageError for a URL of anything else. */
export function databaseLocation(given: string): string {
  if (isPostgres(given)) {
    if (!URL.canParse(given)) {
      throw new UsageError(
        `the database URL ${publicName(given)} cannot be read: write postgresql://user@host:port/database, special characters as %XX`,
      );
    }
    return given;
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(given)?.[1];
  if (scheme)
    throw new UsageError(`a database by ${scheme}:// is not known: name a file or a postgresql:// URL`);
  return resolve(given);
}

/** The flag, else the state directory, else beside the database. */
export function statusFilePath(
  given: string | undefined,
  environment: Environment,
  productsDb: string | undefined,
): string {
  if (given) return resolve(given);
  const beside = productsDb && !isPostgres(productsDb) ? dirname(productsDb) : undefined;
  const directory = environment.stateDir ?? beside;
  if (!directory)
    throw new UsageError('no status file: name it with --status-file or set PIPELINE_STATE_DIR');
  return resolve(join(directory, STATUS_FILE_NAME));
}

export function requireDirectory(path: string, what: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`${what} ${path} does not exist`);
  if (!found.isDirectory()) throw new UsageError(`${what} ${path} is not a directory`);
  return resolve(path);
}

const SECONDS_PER_DAY = 86400;

/** UTC dates `YYYY-MM-DD`, both ends included. */
export function dateRange(startDate: string | undefined, endDate: string | undefined): DateRange {
  const start = startDate === undefined ? undefined : midnight(startDate, '--start-date');
  const end = endDate === undefined ? undefined : midnight(endDate, '--end-date') + SECONDS_PER_DAY;
  if (start !== undefined && end !== undefined && start >= end) {
    throw new UsageError(`--start-date ${startDate} is after --end-date ${endDate}`);
  }
  return {
    ...(start !== undefined && { start: unixSeconds(start) }),
    ...(end !== undefined && { end: unixSeconds(end) }),
  };
}

function midnight(date: string, flag: string): number {
  const milliseconds = Date.parse(`${date}T00:00:00Z`);
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(milliseconds);
  // Date.parse takes 2025-02-30 for March 2.
  if (!valid || new Date(milliseconds).toISOString().slice(0, 10) !== date) {
    throw new UsageError(`${flag} ${date}: expected a UTC date, YYYY-MM-DD`);
  }
  return milliseconds / 1000;
}

/** A number from a flag, within bounds. */
export function numberFlag(
  value: number,
  flag: string,
  { least, most }: { least: number; most: number },
): number {
  if (!Number.isFinite(value) || value < least || value > most) {
    throw new UsageError(`${flag}: expected a number from ${least} to ${most}`);
  }
  return value;
}
