import { resolve } from 'node:path';
import { StoreError, UsageError } from '../errors.js';

/** Where a products database is: the path of an SQLite file, or the URL of a PostgreSQL database. */
export function isPostgres(location: string): boolean {
  return /^postgres(ql)?:\/\//i.test(location);
}

/** An absolute path, or a PostgreSQL URL as it is, which is checked when it is opened. Throws a UsageError for a URL of anything else. */
export function databaseLocation(given: string): string {
  if (isPostgres(given)) return given;
  // Not shown: there may be a password in it.
  if (/^["'\s]*postgres(ql)?:/i.test(given))
    throw new UsageError(
      'the database is no PostgreSQL URL: write postgresql://USER@HOST/NAME, without quotes',
    );
  const [, scheme] = /^([a-z][a-z0-9+.-]{0,30}):\/\//i.exec(given) ?? [];
  if (scheme)
    throw new UsageError(`unknown database scheme ${scheme}://: give a file or a postgresql:// URL`);
  return resolve(given);
}

const SECRETS = ['password', 'sslpassword'];

/** The location as it can be shown: a URL without its password, even one that cannot be parsed. */
export function publicName(location: string): string {
  if (!isPostgres(location)) return location;
  return location
    .replace(/^([^:]+:\/\/[^:@]*):[\s\S]*@/, '$1@')
    .replace(/([?&])([^=&#]*)=[^&#]*/g, (parameter, separator: string, name: string) =>
      SECRETS.includes(decoded(name)) ? `${separator}${name}=...` : parameter,
    );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).toLowerCase();
  } catch {
    return text.toLowerCase();
  }
}

/** For a database without our tables. */
export function noProductsDatabase(location: string): StoreError {
  return new StoreError(
    'unusable',
    `${publicName(location)} has no table pointing_history, so it is not a products database`,
  );
}

/** Of an SQLite file that is missing, in words for its user. */
export const noDatabaseAt = (path: string): string =>
  `the database ${path} does not exist: check the path, or mount or restore it`;
