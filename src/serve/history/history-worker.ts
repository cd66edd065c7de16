/** The thread that keeps the history in memory and answers from it. */
import { workerData } from 'piscina';
import { StoreError, type StoreErrorKind } from '../../errors.js';
import { openReader } from '../../store/open.js';
import { Abandoned, answerers, type QuestionName, type Questions, type Replies } from './questions.js';
import { type ChangedSpan, Timeline } from './timeline.js';

export interface HistoryWorkerData {
  /** Where the products database is. */
  readonly location: string;
}

/** A question of the history as it is now; without one, only its revision is asked for. */
export interface Task<Name extends QuestionName = QuestionName> {
  readonly name?: Name;
  readonly question?: Questions[Name];
  /** Reports what changed after this revision. */
  readonly since?: number;
  /** Not 0 once nobody waits for the answer. */
  readonly abandoned?: Int32Array;
}

export interface Answered<Name extends QuestionName = QuestionName> {
  readonly revision: number;
  readonly changed?: ChangedSpan;
  readonly reply?: Replies[Name];
}

/** Errors lose their class on the way between threads. */
export type Result<Name extends QuestionName = QuestionName> =
  | Answered<Name>
  | { readonly trouble: StoreErrorKind; readonly message: string }
  | { readonly abandoned: true };

const { location } = workerData as HistoryWorkerData;
const timeline = openReader(location).then((reader) => new Timeline(reader));

export default async function answer<Name extends QuestionName>(task: Task<Name>): Promise<Result<Name>> {
  const { name, question, since, abandoned } = task;
  try {
    const history = await timeline;
    await history.refresh();
    const { blocks, revision } = history;
    const changed = since === undefined ? undefined : history.changedSince(since);
    if (!name) return { revision, ...(changed && { changed }) };
    const isAbandoned = () => abandoned !== undefined && Atomics.load(abandoned, 0) !== 0;
    const reply = answerers[name](blocks, question as Questions[Name], isAbandoned);
    return { revision, reply };
  } catch (error) {
    if (error instanceof StoreError) return { trouble: error.kind, message: error.message };
    if (error instanceof Abandoned) return { abandoned: true };
    throw error;
  }
}
