import { grouped, kept } from '../../maps.js';
import { beamOf, type Extent, extentDeg } from '../beam.js';
import type { Source } from '../calibrators.js';
import type { Instrument } from '../instrument.js';
import type { Instruments, TakenRow } from '../instruments.js';
import { type SearchOptions, type Sighting, SightingSearch } from './search.js';

export interface SightingOptions extends Extent {
  readonly instruments: Instruments;
  /** Only the middle of each observation counts, not its drift. */
  readonly middleOnly?: boolean;
}

/** Finds the observations that saw any of many sources, each by the beam and the length of its own. */
export class SightingSearches<S extends Source> {
  readonly #sources: readonly S[];
  readonly #options: SightingOptions;
  readonly #searches = new Map<Instrument, SightingSearch<S>>();

  constructor(sources: readonly S[], options: SightingOptions) {
    this.#sources = sources;
    this.#options = options;
  }

  /** The sightings of rows, oldest first. Call again with later rows. */
  in<Row extends TakenRow>(rows: Iterable<Row>): Sighting<S, Row>[] {
    const byInstrument = grouped(rows, (row) => this.#options.instruments.of(row));
    const found = [...byInstrument].flatMap(([instrument, ofIt]) => this.#search(instrument).in(ofIt));
    return byInstrument.size > 1 ? found.sort((a, b) => a.row.timestamp - b.row.timestamp) : found;
  }

  #search(instrument: Instrument): SightingSearch<S> {
    return kept(this.#searches, instrument, () => {
      const { middleOnly = false } = this.#options;
      const radiusDeg = extentDeg(this.#options, beamOf(instrument));
      const { longestSeconds } = this.#options.instruments;
      return new SightingSearch(this.#sources, { radiusDeg, instrument, longestSeconds, middleOnly });
    });
  }
}

/** What holds for every observation: none reached farther, and none was longer. */
export function widest({ instruments, ...extent }: SightingOptions): SearchOptions {
  return {
    radiusDeg: Math.max(...instruments.all.map((each) => extentDeg(extent, beamOf(each.widest)))),
    instrument: instruments.unknown,
    longestSeconds: instruments.longestSeconds,
  };
}
