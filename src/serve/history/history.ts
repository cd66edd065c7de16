import { fileURLToPath } from 'node:url';
import { StoreError } from '../../errors.js';
import type { InstrumentOverrides } from '../../sky/instruments.js';
import { Busy } from '../errors.js';
import { openThread } from '../thread.js';
import type { Answered, HistoryWorkerData, Result, Task } from './history-worker.js';
import type { QuestionName, Questions, Replies } from './questions.js';
import { type Cancellation, Shared } from './shared.js';

/** What routes ask the history in memory. Throws a StoreError where the database cannot be read, Busy beyond the limit. */
export interface History {
  /** Another text after every change of a row, and only then. */
  version(): Promise<string>;
  /** Equal questions at the same time are answered once. */
  ask<Name extends QuestionName>(
    name: Name,
    question: Questions[Name],
    cancellation?: Cancellation,
  ): Promise<Replies[Name]>;
  /** The revision now, and the times between which rows have changed after the one before, where that is known. */
  look(since: number | undefined): Promise<Pick<Answered, 'revision' | 'changed'>>;
  close(): Promise<void>;
}

const WORKER = fileURLToPath(new URL('./history-worker.js', import.meta.url));
/** Different questions at once, running and waiting. */
const MAX_QUESTIONS = 16;
/** Of the small ones that routes ask before they know whether there is anything to answer. */
const MAX_LOOKS = 1000;

/** The history in memory, in a thread of its own that starts at the first question. */
export function openHistory(
  location: string,
  overrides: InstrumentOverrides,
  reportEnd: (error: Error) => void,
  seen?: Int32Array,
): History {
  const data: HistoryWorkerData = { location, overrides, seen };
  const pool = openThread<Task, Result>(WORKER, data, MAX_QUESTIONS + MAX_LOOKS, reportEnd);
  let isClosing = false;
  const run = async (task: Task): Promise<Answered> => {
    const result = await pool.run(task).catch((error: unknown) => {
      throw isClosing ? new Busy('the server is stopping') : error;
    });
    if ('kind' in result) throw new StoreError(result.kind, result.message);
    if ('abandoned' in result) throw new Busy('nobody waits for this answer');
    return result;
  };
  const looks = new Shared<Answered>();
  const questions = new Shared<Answered>(MAX_QUESTIONS);
  // Of answers that have begun, which are few: without the next piece they would be cut.
  const pieces = new Shared<Answered>();
  const look = (since?: number) =>
    looks.run(String(since), () => ({ result: run(since === undefined ? {} : { since }) }));

  return {
    look,
    async version() {
      return String((await look()).revision);
    },
    async ask(name, question, cancellation) {
      const key = `${name} ${JSON.stringify(question)} ${(await look()).revision}`;
      const begin = () => {
        const abandoned = new Int32Array(new SharedArrayBuffer(4));
        return {
          result: run({ name, question, abandoned }),
          abandon: () => void Atomics.store(abandoned, 0, 1),
        };
      };
      const shared = name === 'trackPiece' ? pieces : questions;
      const { reply } = await shared.run(key, begin, cancellation);
      return reply as Replies[typeof name];
    },
    async close() {
      isClosing = true;
      await pool.close({ force: true });
    },
  };
}
