import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import { noteBackup } from '../../health/notes.js';
import { shownFile } from '../../native/addon.js';
import { isPostgres } from '../../store/location.js';
import { requireExisting } from '../../store/open.js';
import { backUp } from '../../store/sqlite/backup.js';
import { counted, isoOfUnix, unixSeconds } from '../../units.js';
import { type Environment, requireProductsDb, statusFilePath } from '../config.js';
import type { BackupLine } from '../lines.js';
import { FAILURE, fitted, note, oneLine, print, printJson } from '../output.js';
import type { backup as schema } from '../schema/backup.js';
import type { Arguments } from '../schema/types.js';

export async function backup(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const { keep, overwrite, json, products_db: given } = args;
  const database = requireProductsDb(given);
  if (isPostgres(database))
    throw new UsageError(
      `backup copies SQLite databases: for PostgreSQL use pg_dump, see ${shownFile('docs/many-hosts.md')}`,
    );
  requireExisting(database);
  const target = resolve(args.target);
  const isDirectory = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (keep !== undefined && !isDirectory)
    throw new UsageError(`--keep needs a directory, and there is none at ${target}`);
  const time = Date.now() / 1000;
  const series = new Series(database);
  const path = isDirectory ? join(target, series.nameAt(time)) : target;
  const rows = await backUp(database, path, { overwrite });
  const removed = keep === undefined ? [] : series.prune(target, keep, path);
  const { size: bytes } = statSync(path);
  if (json) await printJson({ database, backup: path, rows, bytes, removed } satisfies BackupLine);
  else {
    const observations = counted(rows.pointing_history ?? 0, 'observation');
    const files = counted(rows.pointing_files ?? 0, 'file');
    const old = removed.length > 0 ? `; removed ${removed.length} older` : '';
    await print(fitted(oneLine(`${path}: ${observations}, ${files}, ${bytes} bytes, verified${old}`)));
  }
  const time_iso = isoOfUnix(unixSeconds(time));
  try {
    const statusFile = statusFilePath(args['status-file'], environment, database);
    await noteBackup(statusFile, { database, path, time, time_iso });
  } catch (error) {
    note(`could not note the backup for the monitor: ${(error as Error).message}`);
    process.exitCode = FAILURE;
  }
}

/** Another host may be writing a younger one. */
const ABANDONED_MS = 24 * 3600 * 1000;
const isAbandoned = (path: string) =>
  Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > ABANDONED_MS;

/** The backups of one database in a directory: its name with the time, which sorts by it. */
class Series {
  readonly #stem: string;
  readonly #extension: string;

  constructor(database: string) {
    this.#extension = extname(database);
    this.#stem = basename(database, this.#extension);
  }

  nameAt(unix: number): string {
    const stamp = new Date(unix * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
    return `${this.#stem}.${stamp}${this.#extension}`;
  }

  /** Removes all but the newest and `made`, and what interrupted backups left. Returns the paths of the backups. */
  prune(directory: string, keep: number, made: string): string[] {
    const names = readdirSync(directory)
      .filter((name) => this.#has(name))
      .sort()
      .map((name) => join(directory, name));
    // A clock that was ahead has left names of times to come.
    const others = names.filter((path) => !path.endsWith('.part') && path !== made);
    const old = others.slice(0, Math.max(0, others.length - (keep - 1)));
    for (const path of [...old, ...names.filter((each) => each.endsWith('.part') && isAbandoned(each))])
      rmSync(path, { force: true });
    return old;
  }

  #has(name: string): boolean {
    const rest = name.startsWith(`${this.#stem}.`) ? name.slice(this.#stem.length + 1) : '';
    const [stamp, after] = [rest.slice(0, 16), rest.slice(16)];
    return /^\d{8}T\d{6}Z$/.test(stamp) && [this.#extension, `${this.#extension}.part`].includes(after);
  }
}
