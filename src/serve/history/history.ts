import { fileURLToPath } from 'node:url';
import { StoreError } from '../../errors.js';
import type { InstrumentOverrides } from '../../sky/instruments.js';
import { Busy } from '../errors.js';
import { openThread } from '../thread.js';
import { Turns } from '../turns.js';
import type { Answered, HistoryWorkerData, Result, Task } from './history-worker.js';
import type { QuestionName, Questions, Replies } from './questions.js';
import { type Asker, type Begin, Shared } from './shared.js';

/** What routes ask the history in memory. Throws a StoreError where the database cannot be read, Busy beyond the limit. */
export interface History {
  /** Another text after every change of a row, and only then. */
  version(): Promise<string>;
  /** Equal questions at the same time are answered once. */
  ask<Name extends QuestionName>(
    name: Name,
    question: Questions[Name],
    asker?: Asker,
  ): Promise<Replies[Name]>;
  /** The revision now, and the times between which rows have changed after the one before, where that is known. */
  look(since: number | undefined): Promise<Pick<Answered, 'revision' | 'changed'>>;
  close(): Promise<void>;
}

const WORKER = fileURLToPath(new URL('./history-worker.js', import.meta.url));
/** Of the thread's questions: one runs, and the next are there when it ends. */
const MAX_AT_ONCE = 4;
/** Different questions, running and waiting; each that waits holds its connection and some kilobytes. */
const MAX_QUESTIONS = 400;
/** Of the small tasks too, that routes have before they know whether there is anything to answer. */
const MAX_TASKS = 1000;

/** The history in memory, in a thread of its own that starts at the first question. */
export function openHistory(
  location: string,
  overrides: InstrumentOverrides,
  reportEnd: (error: Error) => void,
  seen?: Int32Array,
): History {
  const data: HistoryWorkerData = { location, overrides, seen };
  const pool = openThread<Task, Result>(WORKER, data, MAX_TASKS, reportEnd);
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
  const questions = new Shared<Answered>(new Turns(MAX_AT_ONCE, MAX_QUESTIONS));
  // Of answers that have begun, which are few: without the next piece they would be cut.
  const pieces = new Shared<Answered>();
  const look = (since?: number) => looks.run(String(since), () => run(since === undefined ? {} : { since }));

  return {
    look,
    async version() {
      return String((await look()).revision);
    },
    async ask(name, question, asker) {
      const key = `${name} ${JSON.stringify(question)} ${(await look()).revision}`;
      const begin: Begin<Answered> = (abandoned) => run({ name, question, abandoned });
      const shared = name === 'trackPiece' ? pieces : questions;
      const { reply } = await shared.run(key, begin, asker);
      return reply as Replies[typeof name];
    },
    async close() {
      isClosing = true;
      await pool.close({ force: true });
    },
  };
}
