import { StoreError } from '../errors.js';

/** Where a products database is: the path of an SQLite file, or the URL of a PostgreSQL database. */
export function isPostgres(location: string): boolean {
  return /^postgres(ql)?:\/\//i.test(location);
}

/** The location as it may be shown: a URL without its password. */
export function publicName(location: string): string {
  if (!isPostgres(location)) return location;
  return location
    .replace(/^([^:]+:\/\/[^/?#@]*?):[^/?#]*@/, '$1@')
    .replace(/([?&])(password|sslpassword)=[^&#]*/gi, '$1$2=...');
}

/** For a database without our tables. */
export function noProductsDatabase(location: string): StoreError {
  return new StoreError(
    'unusable',
    `${publicName(location)} has no table pointing_history, so it is not a products database`,
  );
}
