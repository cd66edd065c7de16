import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Check, failed, ok } from './check.js';
import { canAccess, checkUnit, service } from './service.js';

/** Files that SQLite keeps beside the database. The user who opens it first creates and owns them. */
const BESIDE = ['-wal', '-shm', '-journal'];

/** Whether the service can write the SQLite database and what SQLite keeps beside it, where links lead to. */
export function checkRights(path: string): Check[] {
  const name = 'database rights';
  const file = withoutLinks(path);
  const directory = dirname(file);
  if (!existsSync(directory)) return [failed(name, `${directory} does not exist: create or mount it`)];
  const unit = service();
  const needed = [directory, file, ...BESIDE.map((ending) => file + ending)].filter((each) =>
    existsSync(each),
  );
  const refused = needed.filter((each) => !canAccess(each, ['r', 'w'], unit));
  return [
    refused.length > 0
      ? failed(name, cannotWrite(refused, unit?.user ?? 'this user'))
      : ok(
          name,
          existsSync(file)
            ? `${file}, its directory and the files beside it are writable`
            : `${file} does not exist yet, and can be created`,
        ),
    ...(unit ? [checkUnit(directory, unit)] : []),
  ];
}

const cannotWrite = (paths: readonly string[], user: string) =>
  `${user} cannot write ${paths.join(', ')}: check owner, mode and file system${
    paths.some((path) => BESIDE.some((ending) => path.endsWith(ending)))
      ? '; another user created what SQLite keeps beside the database: give it the owner and mode of the database'
      : ''
  }`;

/** Also where the last link leads to nothing. */
function withoutLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
    return isLink ? resolve(dirname(path), readlinkSync(path)) : path;
  }
}
