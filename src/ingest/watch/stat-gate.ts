import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { within } from '../../monotonic.js';
import { lookAtPaths, type PathLook } from '../../native/scanner.js';
import type { Tree } from './tree.js';

/** Undefined where the file system did not answer in time. */
export type Answer<T> = { readonly value: T } | { readonly error: NodeJS.ErrnoException } | undefined;

/** What a look at a path tells. */
export interface Look {
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  /** Device and inode of the file that is at this path now. Empty if there is none. */
  readonly identity: string;
  readonly device: number;
  readonly sizeBytes: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/**
 * Asks the file system one question at a time. On one that hangs, a question keeps a thread of libuv's small pool until it is answered;
 * so it keeps one at most, and whatever else needs a thread, such as writing the status file, goes on. Meanwhile nothing is answered.
 */
export class StatGate {
  readonly #seconds: number;
  readonly #tree: Pick<Tree, 'directory' | 'followLinks'>;
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #overdue = 0;

  constructor(seconds: number, tree: Pick<Tree, 'directory' | 'followLinks'>) {
    this.#seconds = seconds;
    this.#tree = tree;
  }

  /** What each path stands for, by the definition that scans go by. */
  classify(paths: readonly string[]): Promise<Answer<PathLook[]>> {
    return this.#ask(() => lookAtPaths(paths, this.#tree.directory, this.#tree.followLinks));
  }

  /** A question has not been answered yet, and holds a thread. */
  get isWaiting(): boolean {
    return this.#pending > 0;
  }

  /** Follows symbolic links. */
  look(path: string): Promise<Answer<Look>> {
    return this.#ask(async () => {
      const found = await stat(path, { bigint: true });
      return {
        isDirectory: found.isDirectory(),
        isFile: found.isFile(),
        identity: `${found.dev}:${found.ino}`,
        device: Number(found.dev),
        sizeBytes: found.size,
        mtimeNs: found.mtimeNs,
        ctimeNs: found.ctimeNs,
      };
    });
  }

  /** The path without symbolic links in it. */
  realPath(path: string): Promise<Answer<string>> {
    return this.#ask(() => realpath(path));
  }

  /** A directory, opened. The caller closes it; one that is opened too late closes itself. */
  async open(path: string): Promise<Answer<FileHandle>> {
    let late = false;
    const answer = await this.#ask(async () => {
      const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
      if (late) await handle.close();
      return handle;
    });
    late = answer === undefined;
    return answer;
  }

  async #ask<T>(question: () => Promise<T>): Promise<Answer<T>> {
    if (this.#overdue > 0) return undefined;
    this.#pending++;
    const answer = this.#last.then(question).then(
      (value) => ({ value }),
      (error: NodeJS.ErrnoException) => ({ error }),
    );
    this.#last = answer.finally(() => {
      this.#pending--;
    });
    const inTime = await within(this.#seconds, answer);
    if (!inTime) {
      this.#overdue++;
      void answer.finally(() => this.#overdue--);
    }
    return inTime;
  }
}
