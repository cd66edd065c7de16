import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../../errors.js';

export interface KnownDatabaseOptions {
  /** Files outside of the database that say that it has held rows; the last is the one least likely to go away with it. */
  readonly marks?: readonly string[] | undefined;
  /** Create the file even where this host knows it with rows. A file that is not known is created by the first writer anyway. */
  readonly create?: boolean | undefined;
  /** Called where the last mark could not be made, with what happened and what to do. */
  readonly onUnmarked?: ((problem: string) => void) | undefined;
}

/**
 * Whether a database has ever held rows as far as this host knows, by marks outside of it. Where it has, a missing file is not
 * an occasion to create an empty one: its file system is perhaps not mounted.
 */
export class KnownDatabase {
  readonly #path: string;
  readonly #marks: readonly string[];
  readonly #create: boolean;
  readonly #onUnmarked: ((problem: string) => void) | undefined;
  /** The device on which this process has seen it with rows. */
  #device: number | undefined;

  constructor(path: string, { marks = [], create = false, onUnmarked }: KnownDatabaseOptions) {
    this.#path = path;
    this.#marks = marks;
    this.#create = create;
    this.#onUnmarked = onUnmarked;
  }

  /** Before it is opened. Throws a StoreError where it is known and missing. */
  requirePresent(): void {
    // Without its directory SQLite creates nothing, and reports that.
    if (!this.#isKnown || !existsSync(dirname(this.#path))) return;
    const file = statSync(this.#path, { throwIfNoEntry: false });
    if (!file) throw this.#missing('does not exist');
    if (file.size === 0) throw this.#missing('is an empty file');
  }

  /** Once it is open. Throws a StoreError where it was on another file system, and has no rows here. */
  requireSame(hasRows: boolean): void {
    const device = statSync(this.#path, { throwIfNoEntry: false })?.dev;
    if (!hasRows && !this.#create && this.#device !== undefined && this.#device !== device)
      throw this.#missing('is on another file system than before and has no rows');
    if (hasRows) this.note();
  }

  /** It has rows. */
  note(): void {
    const first = this.#device === undefined;
    this.#device = statSync(this.#path, { throwIfNoEntry: false })?.dev;
    if (!first) return;
    let problem: string | undefined;
    for (const mark of this.#marks) problem = this.#make(mark);
    if (problem !== undefined) this.#onUnmarked?.(problem);
  }

  /** Returns what happened and what to do where it could not be made. */
  #make(mark: string): string | undefined {
    try {
      mkdirSync(dirname(mark), { recursive: true });
      writeFileSync(mark, `${this.#path}\n`, { flag: 'wx' });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return undefined;
      return `cannot note on this host that ${this.#path} has rows (${message}), so a restart while its file system is not mounted may begin an empty database: let this user write to ${dirname(dirname(mark))}`;
    }
    return undefined;
  }

  get #isKnown(): boolean {
    return !this.#create && (this.#device !== undefined || this.#marks.some((mark) => existsSync(mark)));
  }

  #missing(what: string): StoreError {
    return new StoreError(
      'missing',
      `the database ${this.#path} ${what}, although this host has stored observations in it: mount or restore it, or start with --create to begin an empty one`,
    );
  }
}
