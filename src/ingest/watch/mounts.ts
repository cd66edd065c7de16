import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { timerMs } from '../../monotonic.js';

/** The mounts that a directory tree depends on. */
export interface Mounts {
  /** Another text after anything was mounted or unmounted at, above or below the directory. Empty where the system does not tell. */
  readonly fingerprint: string;
  /** Mount points below the directory, outermost first. */
  readonly below: readonly string[];
}

const MOUNTINFO = '/proc/self/mountinfo';

/** Reads proc_pid_mountinfo(5), which asks no file system, so a dead one cannot hold it up. `directory` is a real path. */
export function mountsOf(directory: string): Mounts {
  let table: string;
  try {
    table = readFileSync(MOUNTINFO, 'utf8');
  } catch {
    return { fingerprint: '', below: [] };
  }
  return parseMounts(table, directory);
}

export function parseMounts(table: string, directory: string): Mounts {
  const inside = directory === '/' ? '/' : `${directory}/`;
  const ids: string[] = [];
  const below: string[] = [];
  for (const line of table.split('\n')) {
    const [id, , , , escaped] = line.split(' ');
    if (id === undefined || escaped === undefined) continue;
    const path = unescapeOctal(escaped);
    const isAbove = path === directory || path === '/' || directory.startsWith(`${path}/`);
    const isBelow = path !== directory && path.startsWith(inside);
    if (isAbove || isBelow) ids.push(id);
    if (isBelow) below.push(path);
  }
  return { fingerprint: ids.join(' '), below: below.sort((a, b) => a.length - b.length) };
}

/** Spaces, tabs, line ends and backslashes are written as three octal digits. */
const unescapeOctal = (text: string) =>
  text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/**
 * Asks file systems for a directory's first entry, each in a process of its own, which can be killed: a thread of this one could wait
 * forever.
 */
export class MountQuestions {
  readonly #start: typeof spawn;
  /** Mount points whose file system keeps even a process that was killed. */
  readonly #unanswered = new Set<string>();

  constructor(start = spawn) {
    this.#start = start;
  }

  /** Whether the file system answers in time; undefined where it could not be asked. */
  answersWithin(seconds: number, mountPoint: string): Promise<boolean | undefined> {
    if (this.#unanswered.has(mountPoint)) return Promise.resolve(false);
    return new Promise((resolve) => {
      const asking = this.#started(mountPoint);
      if (!asking) return resolve(undefined);
      this.#unanswered.add(mountPoint);
      const timer = setTimeout(() => {
        asking.kill('SIGKILL');
        resolve(false);
      }, timerMs(seconds));
      const ended = (answers: true | undefined) => {
        this.#unanswered.delete(mountPoint);
        clearTimeout(timer);
        resolve(answers);
      };
      // An exit status is an answer, whichever it is; the scan says what is wrong.
      asking.once('exit', () => ended(true)).once('error', () => ended(undefined));
      asking.unref();
    });
  }

  /** Some failures to start a process are thrown, such as that of a system without memory; the others are events. */
  #started(mountPoint: string): ChildProcess | undefined {
    try {
      return this.#start('find', [mountPoint, '-mindepth', '1', '-maxdepth', '1', '-print', '-quit'], {
        stdio: 'ignore',
      });
    } catch {
      return undefined;
    }
  }
}
