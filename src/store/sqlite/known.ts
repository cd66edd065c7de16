import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../../errors.js';

/**
 * Whether a database has ever held rows as far as this host knows, by marks outside of it. Where it has, a missing file is not
 * an occasion to create an empty one: its file system is perhaps not mounted.
 */
export class KnownDatabase {
  readonly #path: string;
  readonly #marks: readonly string[];
  readonly #create: boolean;
  /** The device on which this process has seen it with rows. */
  #device: number | undefined;

  constructor(path: string, marks: readonly string[], create: boolean) {
    this.#path = path;
    this.#marks = marks;
    this.#create = create;
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
    for (const mark of this.#marks) {
      try {
        mkdirSync(dirname(mark), { recursive: true });
        writeFileSync(mark, `${this.#path}\n`, { flag: 'wx' });
      } catch {
        // It is there already, or another is; without any, only this process knows.
      }
    }
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
