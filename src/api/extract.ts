/// <reference lib="esnext.disposable" preserve="true" />
import { resolve } from 'node:path';
import { numberFlag } from '../cli/config.js';
import { UsageError } from '../errors.js';
import { Extractor, extractorDefaults, type Reader, readers } from '../extract/extractor.js';
import type { Outcome } from '../native/outcome.js';

/** How files are read. Every option has a default. */
export interface ExtractOptions {
  /** Default `auto`, which reads whatever can be read. Name one reader to compare the two, or to time one alone. */
  readonly reader?: Reader;
  /**
   * Files read at once, 1 to 256; default 16. What the disk likes, not the number of cores: more keep a cold disk or a file
   * server busy, and each holds a file open; with 1 every file waits for the one before.
   */
  readonly filesAtOnce?: number;
}

/** Reads pointings on threads that it keeps for the next call. Whoever opens it closes it. */
export interface PointingExtractor extends AsyncDisposable {
  /**
   * One outcome a path, in the order given, each under the path as given: a pointing, or an error with its stable code. Paths
   * are of UVH5 files, relative ones to the working directory. It does not reject for what a file holds, nor for a file that is
   * not there. Calls may overlap. Rejects with a UsageError once closed.
   */
  extract(paths: readonly string[]): Promise<Outcome[]>;
  /** Ends the threads and processes. What is being read then is rejected, so wait for it first. May be called again. */
  close(): Promise<void>;
}

/**
 * An extractor to call many times. To close it at the end of a block: `await using extractor = openExtractor()`. One that is
 * forgotten does not keep the program from ending. Throws a UsageError for an option that is none.
 */
export function openExtractor(options: ExtractOptions = {}): PointingExtractor {
  return new OpenExtractor(options);
}

/**
 * Where the telescope pointed in each of these files: one outcome a path, in the order given; see `PointingExtractor.extract`.
 * Throws a UsageError for an option that is none.
 */
export async function extractPointings(
  paths: readonly string[],
  options: ExtractOptions = {},
): Promise<Outcome[]> {
  const extractor = openExtractor(options);
  try {
    return await extractor.extract(paths);
  } finally {
    await extractor.close();
  }
}

/** Small enough to share a short list among the workers, large enough to cost nothing by itself. */
const FILES_PER_TASK = 64;

class OpenExtractor implements PointingExtractor {
  readonly #extractor: Extractor;
  #closed: Promise<void> | undefined;

  constructor({ reader = 'auto', filesAtOnce = extractorDefaults.filesAtOnce }: ExtractOptions) {
    if (!readers.includes(reader)) throw new UsageError(`reader: expected one of ${readers.join(', ')}`);
    numberFlag(filesAtOnce, 'filesAtOnce', { least: 1, most: 256 });
    this.#extractor = new Extractor({ ...extractorDefaults, reader, filesAtOnce });
  }

  async extract(paths: readonly string[]): Promise<Outcome[]> {
    if (this.#closed) throw new UsageError('the extractor is closed');
    const absolute = paths.map((path) => resolve(path));
    const tasks: Promise<Outcome[]>[] = [];
    for (let start = 0; start < absolute.length; start += FILES_PER_TASK) {
      tasks.push(this.#extractor.extract(absolute.slice(start, start + FILES_PER_TASK)));
    }
    const outcomes = (await Promise.all(tasks)).flat();
    return outcomes.map((outcome, i) => ({ ...outcome, path: paths[i] as string }));
  }

  close(): Promise<void> {
    this.#closed ??= this.#extractor.close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
