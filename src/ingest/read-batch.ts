import type { DirectResult } from '../extract/direct-reader.js';
import type { Extractor } from '../extract/extractor.js';
import { unanswered } from '../extract/extractor.js';
import { monotonicSeconds } from '../monotonic.js';
import type { FileVersion, Outcome } from '../native/outcome.js';
import type { FileResult } from '../store/rows.js';
import { unixSeconds } from '../units.js';
import { judge, type Trial, type Verdict } from './queue/verdict.js';

export interface Read<File> {
  readonly file: File;
  readonly outcome: Outcome;
}

/** What the fast lane made of a batch. */
export interface BatchRead<File> {
  readonly read: readonly Read<File>[];
  /** For the slow lane, each with the version that the direct reader opened. */
  readonly declined: readonly { readonly file: File; readonly version: FileVersion | undefined }[];
  /** Of those read, the files whose file system does not answer. */
  readonly unanswered: readonly File[];
}

/** Reads a batch of files by the direct reader alone, so that no file waits for libhdf5. */
export async function readBatch<File extends { readonly path: string }>(
  files: readonly File[],
  extractor: Pick<Extractor, 'readDirect'>,
): Promise<BatchRead<File>> {
  const results = await extractor.readDirect(files.map(({ path }) => path));
  const read: Read<File>[] = [];
  const declined: { file: File; version: FileVersion | undefined }[] = [];
  const silent: File[] = [];
  for (const [i, file] of files.entries()) {
    const result = results[i] as DirectResult;
    if ('unanswered' in result) {
      silent.push(file);
      read.push({ file, outcome: unanswered(file.path) });
    } else if ('outcome' in result) read.push({ file, outcome: result.outcome });
    else declined.push({ file, version: result.version });
  }
  return { read, declined, unanswered: silent };
}

/** What to record of a file that has been read, and what becomes of it. */
export function settle(
  outcome: Outcome,
  trial: Trial,
  giveUpAfterSeconds: number,
): { readonly result: FileResult; readonly verdict: Verdict } {
  const now = { unix: unixSeconds(Date.now() / 1000), monotonic: monotonicSeconds() };
  const verdict = judge(outcome, trial, giveUpAfterSeconds, now);
  return { result: { outcome, state: verdict.state, attempts: trial.attempts }, verdict };
}

/** What the ledger says of a file while libhdf5 reads it: if this process ends meanwhile, the next one knows that it was tried. */
export const beingRead = (path: string, version: FileVersion | undefined, attempts: number): FileResult => ({
  outcome: {
    path,
    ...(version && { version }),
    error: { code: 'timeout', message: 'libhdf5 has started to read it but has not finished' },
  },
  state: 'waiting',
  attempts,
});
