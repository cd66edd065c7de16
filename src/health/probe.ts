import { StoreError } from '../errors.js';
import { databaseIssue, type Issue } from '../issues.js';
import { monotonicSeconds, within } from '../monotonic.js';
import { cadenceSeconds } from '../sky/cadence.js';
import type { Instrument } from '../sky/instrument.js';
import { type InstrumentOverrides, newestOf, readInstruments } from '../sky/instruments.js';
import type { ImplausibleCounts } from '../store/plausible.js';
import type { Observation } from '../store/rows.js';
import type { Store } from '../store/writer.js';
import { type MjdUtc, mjdUtc } from '../units.js';
import type { DatabaseSnapshot } from './snapshot.js';

const WAIT_SECONDS = 1;
/** How much older than the newest observation of all hosts that of this one is looked for. */
const HOST_DAYS = 2;

type ProbedStore = Pick<
  Store,
  'check' | 'newest' | 'newestOfHost' | 'withFiles' | 'historyPages' | 'instruments' | 'implausibleRows'
>;

/** Asks the database whether it would take rows, and for its newest one. */
export class DatabaseProbe {
  readonly #store: ProbedStore;
  readonly #overrides: InstrumentOverrides;
  readonly #host: string | undefined;
  #newest: Observation | undefined;
  #newestOfHost: DatabaseSnapshot['newestOfHost'];
  #instrument: Instrument | undefined;
  #cadenceSeconds: number | undefined;
  #implausible: ImplausibleCounts = {};
  #issue: Issue | undefined;
  /** The question under way. */
  #question: { readonly answer: Promise<void>; readonly since: number } | undefined;

  /** `host`: this host's name in a database that several share. */
  constructor(store: ProbedStore, overrides: InstrumentOverrides = {}, host?: string) {
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
      newest: this.#newest,
      newestOfHost: this.#newestOfHost,
      instrument: this.#instrument,
      cadenceSeconds: this.#cadenceSeconds,
      implausible: this.#implausible,
    };
  }

  async #lookAtNewest(): Promise<void> {
    const instruments = await readInstruments(this.#store, this.#overrides);
    const newest = await newestOf(this.#store, instruments);
    // Each time, since older observations can come after the newest.
    this.#cadenceSeconds = newest && (await cadenceSeconds(this.#store, newest, instruments));
    this.#newest = newest;
    this.#newestOfHost = newest && (await this.#lookAtHost(newest.timestamp));
    this.#instrument = newest && instruments.of(newest);
  }

  async #lookAtHost(newestMjdUtc: MjdUtc): Promise<DatabaseSnapshot['newestOfHost']> {
    if (this.#host === undefined) return undefined;
    const from = mjdUtc(newestMjdUtc - HOST_DAYS);
    const found = await this.#store.newestOfHost(this.#host, from);
    return { mjdUtc: found ?? from, isBefore: found === undefined };
  }

  async #ask(): Promise<void> {
    try {
      await this.#store.check();
      await this.#lookAtNewest();
      this.#implausible = await this.#store.implausibleRows('times');
      this.#issue = undefined;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#issue = databaseIssue(error);
    }
  }
}
