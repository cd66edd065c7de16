import { kept } from '../../maps.js';
import type { HistoryReader } from '../../store/reader.js';
import { type Degrees, isoMillisecondsOfMjdUtc, type MjdUtc } from '../../units.js';
import type { Source } from '../calibrators.js';
import { DEFAULT_JUMP_DEG } from '../declination-changes.js';
import type { Instruments, Telescope } from '../instruments.js';
import type { Sighting } from './search.js';

/** How long sources were in the beam. */
export interface Total {
  readonly source: Source;
  readonly observations: number;
  /** Within the radius, and the same weighted by the beam's response. */
  readonly seconds: number;
  readonly weightedSeconds: number;
  /** From the first time in to the last time out. */
  readonly firstMjdUtc: MjdUtc;
  readonly lastMjdUtc: MjdUtc;
}

/** By the UTC date on which the source came into the beam in each observation. */
export interface DayTotal extends Total {
  readonly dateUtc: string;
}

/** The telescope at one declination, with other observations or without. */
export interface DwellTotal extends Total {
  /** Apparent, of the dwell's first observation of the source. */
  readonly decDeg: Degrees;
  /** Mid time of the dwell's first observation of anything. */
  readonly sinceMjdUtc: MjdUtc;
}

type DwellStart = Pick<DwellTotal, 'decDeg' | 'sinceMjdUtc'>;

/** Time in the beam without a break, perhaps in several observations. */
interface Stretch {
  fromMjdUtc: number;
  toMjdUtc: number;
}

/** What the totals of dwells ask the database. */
export type DwellReader = Pick<HistoryReader, 'atDeclinationSince' | 'movedAfter'>;

/** Adds up sightings by a key; those of one key need not follow each other. */
class Sums {
  readonly byKey = new Map<string, { -readonly [K in keyof Total]: Total[K] }>();

  add(key: string, { source, inMjdUtc, outMjdUtc, seconds, weightedSeconds }: Sighting): boolean {
    const sum = this.byKey.get(key);
    if (!sum) {
      this.byKey.set(key, {
        source,
        observations: 1,
        seconds,
        weightedSeconds,
        firstMjdUtc: inMjdUtc,
        lastMjdUtc: outMjdUtc,
      });
      return true;
    }
    sum.observations++;
    sum.seconds += seconds;
    sum.weightedSeconds += weightedSeconds;
    // A long observation can begin before a shorter one whose middle is earlier.
    if (inMjdUtc < sum.firstMjdUtc) sum.firstMjdUtc = inMjdUtc;
    if (outMjdUtc > sum.lastMjdUtc) sum.lastMjdUtc = outMjdUtc;
    return false;
  }
}

/** Besides those of each source. With many sources they take much memory. */
export interface TotalsKept {
  readonly days: boolean;
  readonly dwells: boolean;
}

/** Totals of sightings, each added once, oldest first. Sources are told apart by identity. */
export class Totals {
  readonly #reader: DwellReader;
  readonly #instruments: Instruments;
  readonly #kept: TotalsKept;
  readonly #numbers = new Map<Source, number>();
  readonly #whole = new Sums();
  readonly #days = new Sums();
  readonly #dwells = new Sums();
  readonly #dwellOf = new Map<string, DwellStart>();
  /** The latest of each telescope, by the source's number. */
  readonly #stretches = new Map<Telescope, Map<number, Stretch>>();
  /** The latest of each telescope. */
  readonly #latest = new Map<Telescope, { dwell: DwellStart; until: number }>();

  constructor(
    reader: DwellReader,
    instruments: Instruments,
    kept: TotalsKept = { days: true, dwells: true },
  ) {
    this.#reader = reader;
    this.#instruments = instruments;
    this.#kept = kept;
  }

  async add(sighting: Sighting): Promise<void> {
    const number = this.#numbers.get(sighting.source) ?? this.#numbers.size;
    this.#numbers.set(sighting.source, number);
    const share = this.#newShare(number, sighting);
    const { seconds, weightedSeconds } = sighting;
    const counted = { ...sighting, seconds: seconds * share, weightedSeconds: weightedSeconds * share };
    this.#whole.add(`${number}`, counted);
    const date = isoMillisecondsOfMjdUtc(sighting.inMjdUtc).slice(0, 10);
    if (this.#kept.days) this.#days.add(`${number} ${date}`, counted);
    if (!this.#kept.dwells) return;
    const dwell = await this.#dwellAt(sighting);
    const key = `${number} ${dwell.sinceMjdUtc}`;
    if (this.#dwells.add(key, counted)) this.#dwellOf.set(key, dwell);
  }

  /** The part of a sighting that no earlier one of the telescope has: rows can overlap, such as a repaired one and that of its file. */
  #newShare(number: number, { row, inMjdUtc, outMjdUtc }: Sighting): number {
    const telescope = this.#instruments.telescopeOf(row.instrumentId);
    const stretches = kept(this.#stretches, telescope, () => new Map<number, Stretch>());
    const stretch = stretches.get(number);
    if (!stretch || inMjdUtc >= stretch.toMjdUtc) {
      stretches.set(number, { fromMjdUtc: inMjdUtc, toMjdUtc: outMjdUtc });
      return 1;
    }
    const shared = Math.min(outMjdUtc, stretch.toMjdUtc) - Math.max(inMjdUtc, stretch.fromMjdUtc);
    stretch.fromMjdUtc = Math.min(inMjdUtc, stretch.fromMjdUtc);
    stretch.toMjdUtc = Math.max(outMjdUtc, stretch.toMjdUtc);
    return shared > 0 ? 1 - shared / (outMjdUtc - inMjdUtc) : 1;
  }

  /** Undefined for a source that was never seen. */
  of(source: Source): Total | undefined {
    return this.#whole.byKey.get(`${this.#numbers.get(source)}`);
  }

  days(): DayTotal[] {
    return [...this.#days.byKey].map(([key, sum]) => ({ ...sum, dateUtc: key.split(' ')[1] as string }));
  }

  dwells(): DwellTotal[] {
    return [...this.#dwells.byKey].map(([key, sum]) => ({
      ...sum,
      ...(this.#dwellOf.get(key) as DwellStart),
    }));
  }

  async #dwellAt({ row }: Sighting): Promise<DwellStart> {
    const telescope = this.#instruments.telescopeOf(row.instrumentId);
    const latest = this.#latest.get(telescope);
    if (latest && row.timestamp < latest.until) return latest.dwell;
    const others = this.#instruments.othersThan(telescope);
    const [sinceMjdUtc, until = Number.POSITIVE_INFINITY] = await Promise.all([
      this.#reader.atDeclinationSince(row, DEFAULT_JUMP_DEG, others),
      this.#reader.movedAfter(row, DEFAULT_JUMP_DEG, others),
    ]);
    const dwell = { decDeg: row.dec_deg, sinceMjdUtc };
    this.#latest.set(telescope, { dwell, until });
    return dwell;
  }
}
