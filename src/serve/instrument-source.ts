import {
  type InstrumentOverrides,
  type Instruments,
  newestOf,
  readInstruments,
  type Telescope,
} from '../sky/instruments.js';
import type { HistoryReader } from '../store/reader.js';
import { BadParameter, type ChosenQuery, span } from './parameters.js';

type InstrumentReader = Pick<HistoryReader, 'instruments' | 'version' | 'newest' | 'withFiles'>;

/** The instruments of the history, read again only after the database has changed. */
export class InstrumentSource {
  readonly #reader: InstrumentReader;
  readonly #overrides: InstrumentOverrides;
  #known: { readonly version: string; readonly instruments: Instruments } | undefined;

  constructor(reader: InstrumentReader, overrides: InstrumentOverrides) {
    this.#reader = reader;
    this.#overrides = overrides;
  }

  async read(): Promise<Instruments> {
    const version = await this.#reader.version();
    if (this.#known?.version !== version)
      this.#known = { version, instruments: await readInstruments(this.#reader, this.#overrides) };
    return this.#known.instruments;
  }

  /** The rows that a query of `Chosen` means. Throws a BadParameter for what it cannot mean. */
  async chosen({ instrument, ...range }: ChosenQuery) {
    const { start, end } = span(range);
    if (instrument !== undefined) await this.named(instrument);
    return { start, end, instrument };
  }

  /** The newest observation and its instrument, of the telescope that a query of `OneTelescope` names or of all. Throws a BadParameter. */
  async newest({ instrument: name }: { readonly instrument?: string }) {
    const telescope = name === undefined ? undefined : await this.named(name);
    const instruments = await this.read();
    const newest = await newestOf(this.#reader, instruments, telescope);
    return { instruments, newest, instrument: instruments.ofNewest(newest, telescope) };
  }

  /** What a `HistoryReader` leaves out for a query of `OfTelescope`. Throws a BadParameter. */
  async excludedBy(name: string | undefined): Promise<readonly number[]> {
    if (name === undefined) return [];
    const telescope = await this.named(name);
    return (await this.read()).othersThan(telescope);
  }

  /** Throws a BadParameter unless a telescope has this name. */
  async named(name: string): Promise<Telescope> {
    const instruments = await this.read();
    const found = instruments.named(name);
    if (found) return found;
    const known = instruments.telescopes.map((each) => each.name).join(', ');
    throw new BadParameter('instrument', `no telescope named ${name}; known: ${known}`);
  }
}
