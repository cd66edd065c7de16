/** The thread that keeps the history in memory and answers from it. */
import { workerData } from 'piscina';
import { StoreError, type StoreErrorKind } from '../../errors.js';
import { type InstrumentOverrides, type Instruments, readInstruments } from '../../sky/instruments.js';
import { openReader } from '../../store/open.js';
import { stayBehindOthers } from '../behind-others.js';
import { openedOnce } from '../opened-once.js';
import { Abandoned } from './block.js';
import { answerers, type QuestionName, type Questions, type Replies } from './questions.js';
import { type ChangedSpan, Timeline } from './timeline.js';

export interface HistoryWorkerData {
  /** Where the products database is. */
  readonly location: string;
  readonly overrides: InstrumentOverrides;
  /** That of the server's reader. */
  readonly seen?: Int32Array | undefined;
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
  | { readonly kind: StoreErrorKind; readonly message: string }
  | { readonly abandoned: true };

stayBehindOthers();
const { location, overrides, seen } = workerData as HistoryWorkerData;
const opened = openedOnce(async () => {
  const reader = await openReader(location, { seen });
  return { reader, timeline: new Timeline(reader) };
});
let instruments: { readonly revision: number; readonly all: Instruments } | undefined;

export default async function answer<Name extends QuestionName>(task: Task<Name>): Promise<Result<Name>> {
  const { name, question, since, abandoned } = task;
  try {
    const { reader, timeline } = await opened();
    await timeline.refresh();
    const { blocks, revision } = timeline;
    const changed = since === undefined ? undefined : timeline.changedSince(since);
    if (!name) return { revision, ...(changed && { changed }) };
    const isAbandoned = () => abandoned !== undefined && Atomics.load(abandoned, 0) !== 0;
    // Read after the rows: an instrument is stored before the first row that names it.
    if (instruments?.revision !== revision)
      instruments = { revision, all: await readInstruments(reader, overrides) };
    const history = { blocks, instruments: instruments.all, isAbandoned };
    const reply = answerers[name](history, question as Questions[Name]);
    return { revision, reply };
  } catch (error) {
    if (error instanceof StoreError) return { kind: error.kind, message: error.message };
    if (error instanceof Abandoned) return { abandoned: true };
    throw error;
  }
}
