import { StoreError } from '../errors.js';
import { databaseIssue, type Issue } from '../issues.js';
import { monotonicSeconds, within } from '../monotonic.js';
import { cadenceOfTimes, rhythmOf } from '../sky/cadence.js';
import type { Instrument } from '../sky/instrument.js';
import { type InstrumentOverrides, newestOf, readInstruments } from '../sky/instruments.js';
import type { ImplausibleCounts } from '../store/plausible.js';
import type { Observation } from '../store/rows.js';
import type { Store } from '../store/writer.js';
import { type MjdUtc, mjdUtc } from '../units.js';
import type { DatabaseSnapshot, HostObservations } from './snapshot.js';

const WAIT_SECONDS = 1;
/** Enough for a median interval. */
const TIMES_OF_HOST = 20;

/** Where hosts share a database: whose observations are expected, and how much older than the newest of all they are looked for. */
export interface ExpectingHost {
  readonly name: string;
  readonly lookBackDays: number;
}

type ProbedStore = Pick<
  Store,
  'check' | 'newest' | 'timesOfHost' | 'withFiles' | 'historyColumns' | 'instruments' | 'implausibleRows'
>;

/** Asks the database whether it would take rows, and for its newest one. */
export class DatabaseProbe {
  readonly #store: ProbedStore;
  readonly #overrides: InstrumentOverrides;
  readonly #host: ExpectingHost | undefined;
  #hasAnswered = false;
  #newest: Observation | undefined;
  #ofHost: HostObservations | undefined;
  #instrument: Instrument | undefined;
  #cadenceSeconds: number | undefined;
  #implausible: ImplausibleCounts = {};
  #issue: Issue | undefined;
  /** The question under way. */
  #question: { readonly answer: Promise<void>; readonly since: number } | undefined;

  constructor(store: ProbedStore, overrides: InstrumentOverrides = {}, host?: ExpectingHost) {
    this.#store = store;
    this.#overrides = overrides;
    this.#host = host;
  }

  /** Waits for the answer only briefly: a server that does not answer must not hold up the status. */
  async ask(): Promise<void> {
    if (!this.#question) {
      const answer = this.#ask().finally(() => {
        this.#question = undefined;
      });
      this.#question = { answer, since: monotonicSeconds() };
    }
    await within(WAIT_SECONDS, this.#question.answer);
  }

  snapshot(): DatabaseSnapshot {
    return {
      issue: this.#issue,
      silentSeconds: this.#question ? monotonicSeconds() - this.#question.since : 0,
      hasAnswered: this.#hasAnswered,
      newest: this.#newest,
      ofHost: this.#ofHost,
      instrument: this.#instrument,
      cadenceSeconds: this.#cadenceSeconds,
      implausible: this.#implausible,
    };
  }

  async #lookAtNewest(): Promise<void> {
    const instruments = await readInstruments(this.#store, this.#overrides);
    const newest = await newestOf(this.#store, instruments);
    // Each time, since older observations can come after the newest.
    this.#cadenceSeconds = newest && (await rhythmOf(this.#store, newest, instruments)).cadenceSeconds;
    this.#newest = newest;
    this.#ofHost = newest && (await this.#lookAtHost(newest.timestamp));
    this.#instrument = newest && instruments.of(newest);
  }

  async #lookAtHost(newestMjdUtc: MjdUtc): Promise<HostObservations | undefined> {
    if (!this.#host) return undefined;
    const from = mjdUtc(newestMjdUtc - this.#host.lookBackDays);
    const times = await this.#store.timesOfHost(this.#host.name, from, TIMES_OF_HOST);
    const [newest] = times;
    return {
      newestMjdUtc: newest ?? from,
      isBefore: newest === undefined,
      cadenceSeconds: cadenceOfTimes(times),
    };
  }

  async #ask(): Promise<void> {
    try {
      await this.#store.check();
      await this.#lookAtNewest();
      this.#hasAnswered = true;
      this.#implausible = await this.#store.implausibleRows('times');
      this.#issue = undefined;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#issue = databaseIssue(error);
    }
  }
}
