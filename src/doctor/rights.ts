import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { realPath } from '../store/sqlite/log.js';
import { type Check, failed, ok } from './check.js';
import { canAccess, canAskFor, checkUnit, service } from './service.js';

/** Files that SQLite keeps beside the database. The user who opens it first creates and owns them. */
const BESIDE = ['-wal', '-shm', '-journal'];

/** Whether the service can write the SQLite database and what SQLite keeps beside it, where links lead to. */
export function checkRights(path: string): Check[] {
  const name = 'database rights';
  const file = realPath(path);
  const directory = dirname(file);
  if (!existsSync(directory)) return [failed(name, `${directory} does not exist: create or mount it`)];
  const unit = service();
  if (unit && !canAskFor(unit)) return [checkUnit(directory, unit)];
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
