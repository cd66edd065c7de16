import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/** Linux: names a file without opening it. Closing an open one would drop SQLite's locks. */
const O_PATH = 0o10000000;
/** As the kernel, which gives up a chain of more. */
const MAX_LINKS = 40;

/** Where a database that may not exist yet lies, or will lie: without symbolic links, also those that lead to nothing. */
export function realPath(path: string, links = MAX_LINKS): string {
  try {
    return realpathSync(path);
  } catch {
    const directory = realDirectory(path);
    if (directory === undefined) return path;
    const target = links > 0 ? targetOf(path) : undefined;
    return target === undefined
      ? join(directory, basename(path))
      : realPath(resolve(directory, target), links - 1);
  }
}

/** Undefined where the path leads nowhere. */
function realDirectory(path: string): string | undefined {
  try {
    return realpathSync(dirname(path));
  } catch {
    return undefined;
  }
}

/** Undefined where it is no link. */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Device and inode: which file lies at this path now. Empty if there is none. Throws where the file system does not tell. */
export function fileIdentity(path: string): string {
  // Inode numbers of Lustre and others are larger than a double can hold.
  const file = statSync(path, { throwIfNoEntry: false, bigint: true });
  return file ? `${file.dev}:${file.ino}` : '';
}

/** A descriptor that names the file at this path and neither reads nor locks it. To be closed. */
export const hold = (path: string): number => openSync(path, O_PATH);

/** Whether a held file has no name any more. */
export const isDeleted = (descriptor: number): boolean => fstatSync(descriptor).nlink === 0;

/** Another text after every change of the file itself. */
export function fileContent(path: string): string {
  const { size, mtimeNs } = statSync(path, { bigint: true });
  return `${size}:${mtimeNs}`;
}

/** SQLite keeps the write-ahead log beside the file that a link leads to. */
export const logOf = (realPath: string) => `${realPath}-wal`;
const indexOf = (realPath: string) => `${realPath}-shm`;

/** The write-ahead log as it was last seen; undefined if there was none. */
export type LogState = { readonly identity: string; readonly version: string } | undefined;

/** The log as it is now. Its version changes with every transaction by any program. */
export function logState(realPath: string): LogState {
  const log = statSync(logOf(realPath), { throwIfNoEntry: false, bigint: true });
  return log && { identity: `${log.dev}:${log.ino}`, version: `${log.size}:${log.mtimeNs}` };
}

/** Whether there is a log with something in it. */
export const hasLog = (realPath: string): boolean =>
  (statSync(logOf(realPath), { throwIfNoEntry: false })?.size ?? 0) > 0;

/**
 * Whether what lies in the log at a file's old place can only be that file's, which was perhaps moved without it. SQLite finds a log by its
 * name, so a program that has opened another file in that place since has written to the same one.
 */
export function isOwnLog(realPath: string, identity: string, lastSeen: LogState): boolean {
  return ['', identity].includes(fileIdentity(realPath)) || isDeepStrictEqual(logState(realPath), lastSeen);
}

/** Where the log of a database that was moved away or deleted is kept, each by itself: it may have rows that the moved file lacks. */
function keptLogOf(realPath: string): string {
  const first = `${realPath}-wal-replaced`;
  for (let n = 1, path = first; ; path = `${first}.${n++}`) if (!existsSync(path)) return path;
}

/**
 * Takes the log of a database that was moved away, deleted or replaced off its path, and removes its index. SQLite leaves them in place,
 * and the next program to open the path would play the log into the new file. A log to which somebody has written since the
 * new file came may be the new file's, and stays.
 */
export function setLogAside(realPath: string, lastSeen: LogState): void {
  const log = statSync(logOf(realPath), { throwIfNoEntry: false, bigint: true });
  if (!log || !lastSeen || lastSeen.identity !== `${log.dev}:${log.ino}`) return;
  const replacement = statSync(realPath, { throwIfNoEntry: false, bigint: true });
  const untouched = lastSeen.version === `${log.size}:${log.mtimeNs}`;
  if (replacement && !untouched && log.mtimeNs > replacement.ctimeNs) return;
  if (log.size === 0n) rmSync(logOf(realPath), { force: true });
  else renameSync(logOf(realPath), keptLogOf(realPath));
  rmSync(indexOf(realPath), { force: true });
}

/**
 * Gives the log and its index the database's group and mode, so that other programs of the group can go on writing: they are
 * created with the group of the program that opens the database first.
 */
export function shareLog(realPath: string): void {
  for (const path of [logOf(realPath), indexOf(realPath)]) {
    try {
      share(path, statSync(realPath));
    } catch {
      // Missing, another user's, or of a group that this user is not in: `doctor` reports who cannot write.
    }
  }
}

/**
 * Gives a copy the database's group and mode, and as root its owner. A user outside that group, or a unit that may change no owners, cannot
 * give it the group: then its own group may do what everybody may.
 */
export function giveLike(copy: string, database: string): void {
  const original = statSync(database);
  try {
    share(copy, original, process.getuid?.() === 0 ? original.uid : undefined);
  } catch {
    const ofAll = original.mode & OF_ALL;
    const mode = (original.mode & OF_OWNER) | (ofAll << 3) | ofAll;
    try {
      share(copy, { gid: statSync(copy).gid, mode });
    } catch {
      // On a file system without modes the copy is as that file system has it.
    }
  }
}

const PERMISSIONS = 0o666;
const OF_OWNER = 0o600;
const OF_ALL = 0o006;

/** Changes the file itself, never what a link leads to: root may run this in another user's directory. */
function share(path: string, { gid, mode }: Pick<Stats, 'gid' | 'mode'>, owner?: number): void {
  const descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
  try {
    const file = fstatSync(descriptor);
    if (!file.isFile() || file.nlink > 1) return;
    const itself = `/proc/self/fd/${descriptor}`;
    const uid = owner ?? file.uid;
    if (file.gid !== gid || file.uid !== uid) chownSync(itself, uid, gid);
    if ((file.mode & PERMISSIONS) !== (mode & PERMISSIONS)) chmodSync(itself, mode & PERMISSIONS);
  } finally {
    closeSync(descriptor);
  }
}
