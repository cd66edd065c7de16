/// <reference lib="esnext.disposable" preserve="true" />
import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { Extractor, extractorDefaults, type Reader, readers } from '../extract/extractor.js';
import type { Outcome } from '../native/outcome.js';

/** How files are read. Every option has a default. */
export interface ExtractOptions {
  /** Default `auto`, which reads whatever can be read. Name one reader to compare the two, or to time one alone. */
  readonly reader?: Reader;
  /**
   * Files read at a time, 1 to 256; default 16. Tune it to the disk, not to the number of cores: a larger number keeps a
   * cold disk or a file server busy, and holds more files open; with 1 each file waits for the previous one.
   */
  readonly filesAtOnce?: number;
}

/** Reads pointings on threads that stay for the next call. The caller closes it. */
export interface PointingExtractor extends AsyncDisposable {
  /**
   * One outcome a path, in the order given, each under the path as given: a pointing, or an error with its stable code. Paths
   * are of UVH5 files, relative ones to the working directory. It does not reject for what a file holds, nor for a file that is
   * not there. Calls may overlap. Rejects with a UsageError once closed.
   */
  extract(paths: readonly string[]): Promise<Outcome[]>;
  /** Stops the threads and processes. Reads in progress are rejected, so wait for them first. Can be called again. */
  close(): Promise<void>;
}

/**
 * An extractor for many calls. To close it at the end of a block: `await using extractor = openExtractor()`. An extractor
 * that is never closed does not keep the program running. Throws a UsageError for an invalid option.
 */
export function openExtractor(options: ExtractOptions = {}): PointingExtractor {
  return new OpenExtractor(options);
}

/**
 * Where the telescope pointed in each of these files: one outcome per path, in the order given; see
 * `PointingExtractor.extract`. Throws a UsageError for an invalid option.
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
    if (!(filesAtOnce >= 1 && filesAtOnce <= 256))
      throw new UsageError('filesAtOnce: expected a number from 1 to 256');
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
