import { greatest } from '../greatest.js';
import type { Site } from '../native/astrometry.js';
import { centreOf, type StoredInstrument } from '../store/instruments.js';
import type { HistoryReader } from '../store/reader.js';
import type { HistoryRow, Observation } from '../store/rows.js';
import { ALWAYS, mjdUtc, RAD_PER_DEG, type TimeRange, wrap180 } from '../units.js';
import { dsa110, type Instrument } from './instrument.js';

/** What a person says of the instrument, in place of what files say. */
export interface InstrumentOverrides extends Partial<Omit<Instrument, 'site' | 'observationSeconds'>> {
  readonly site?: Partial<Site>;
}

/** A history row, with what is known of how it was taken. */
export interface TakenRow
  extends HistoryRow,
    Partial<
      Pick<Observation, 'kind' | 'instrumentId' | 'durationSeconds' | 'minFrequencyHz' | 'maxFrequencyHz'>
    > {
  /** The middle of its file's band; 0 where it is unknown. In place of its edges. */
  readonly centreHz?: number;
}

/** All that observed at one place: its newest instrument, and bounds of all of them. */
export interface Telescope extends Instrument {
  readonly longestSeconds: number;
  /** No beam was wider than this one's. */
  readonly widest: Instrument;
  /** Of `HistoryReader.instruments`, the one seen last first. */
  readonly stored: readonly StoredInstrument[];
}

interface Known {
  readonly stored: StoredInstrument;
  readonly telescope: Telescope;
  /** With each middle of a band that its files have. */
  readonly byCentre: Map<number | null, Instrument>;
}

const SAME_SITE_M = 100;
const M_PER_DEG = 111_195;
/** What the DSA-110's correlator writes as `telescope_name`. */
const NAMES_OF_DSA110 = ['OVRO_MMA', ''];
/** Of a row whose file does not say. */
const UNKNOWN_ID = 0;
/** Bounds are to the hour, and clocks are ahead by less. */
const MARGIN_DAYS = 1;

/**
 * Which instrument made each observation of a history. The DSA-110 stands for those that are unknown, and for what files do not
 * say; its own files hold one sub-band each, so its beam is that of the band's middle. Instruments within 100 m are one telescope.
 */
export class Instruments {
  /** The one seen last first. Only the DSA-110 where no file names any. */
  readonly telescopes: readonly Telescope[];
  /** Of rows whose file is not known. */
  readonly unknown: Telescope;
  readonly #overrides: InstrumentOverrides;
  readonly #byId = new Map<number, Known>();

  constructor(stored: readonly StoredInstrument[] = [], overrides: InstrumentOverrides = {}) {
    this.#overrides = overrides;
    const newestFirst = [...stored].sort((a, b) => b.lastMjdUtc - a.lastMjdUtc);
    const groups: StoredInstrument[][] = [];
    for (const each of newestFirst) {
      const group = groups.find(([first]) => this.#isSameSite(each.site, (first as StoredInstrument).site));
      if (group) group.push(each);
      else groups.push([each]);
    }
    const known = named(groups.map((group) => this.#telescope(group)));
    const unknown = this.#telescope([]);
    this.telescopes = known.length > 0 ? known : [unknown];
    this.unknown = known.find(({ site }) => this.#isSameSite(site, unknown.site)) ?? unknown;
    for (const telescope of known)
      for (const each of telescope.stored)
        this.#byId.set(each.id, { stored: each, telescope, byCentre: new Map() });
  }

  telescopeOf(instrumentId: number | null | undefined): Telescope {
    return this.#byId.get(instrumentId ?? UNKNOWN_ID)?.telescope ?? this.unknown;
  }

  /** The same object for rows of one instrument and band. */
  of({ instrumentId, centreHz, minFrequencyHz = null, maxFrequencyHz = null }: TakenRow): Instrument {
    const found = this.#byId.get(instrumentId ?? UNKNOWN_ID);
    if (!found) return this.unknown;
    const { stored, telescope, byCentre } = found;
    const middleHz = centreHz || centreOf({ minFrequencyHz, maxFrequencyHz });
    let instrument = byCentre.get(middleHz);
    if (!instrument) {
      instrument = this.#instrument(stored, middleHz, telescope.name);
      byCentre.set(middleHz, instrument);
    }
    return instrument;
  }

  /** That of the newest observation, if there is one: of all, or of a telescope. */
  ofNewest(row: TakenRow | undefined, telescope = this.telescopes[0] as Telescope): Instrument {
    return row ? this.of(row) : telescope;
  }

  /** The instruments of all other telescopes, to be `excluded` where a `HistoryReader` reads rows of this one alone. */
  othersThan(telescope: Telescope): number[] {
    return [UNKNOWN_ID, ...this.#byId.keys()].filter((id) => this.telescopeOf(id) !== telescope);
  }

  /** When it observed, or longer. Years of rows before and after may all be of others, and looking at each takes long. */
  timesOf(telescope: Telescope): TimeRange {
    if (telescope === this.unknown) return ALWAYS;
    const { stored } = telescope;
    return {
      fromMjdUtc: mjdUtc(Math.min(...stored.map(({ firstMjdUtc }) => firstMjdUtc)) - MARGIN_DAYS),
      toMjdUtc: mjdUtc(Math.max(...stored.map(({ lastMjdUtc }) => lastMjdUtc)) + MARGIN_DAYS),
    };
  }

  /** Those of files, and that of rows whose file is not known. */
  get all(): readonly Telescope[] {
    return this.telescopes.includes(this.unknown) ? this.telescopes : [...this.telescopes, this.unknown];
  }

  /** No observation of any telescope was longer. */
  get longestSeconds(): number {
    return greatest(this.all.map((each) => each.longestSeconds));
  }

  secondsOf(row: TakenRow): number {
    return row.durationSeconds ?? this.of(row).observationSeconds;
  }

  /** The telescope of this name; undefined if none has it. */
  named(name: string): Telescope | undefined {
    return this.all.find((each) => each.name === name);
  }

  #telescope(stored: readonly StoredInstrument[]): Telescope {
    const all = stored.map((each) => this.#instrument(each, each.lowestHz));
    const unnamed = stored.map((each) => this.#instrument(each));
    const newest = all[0] ?? this.#instrument();
    return {
      ...newest,
      longestSeconds: Math.max(newest.observationSeconds, ...stored.map((each) => each.longestSeconds)),
      widest: {
        ...newest,
        // Of each instrument also as it is for rows whose files do not name a band.
        frequencyHz: Math.min(...[newest, ...all, ...unnamed].map(({ frequencyHz }) => frequencyHz)),
        dishDiameterM: Math.min(newest.dishDiameterM, ...all.map(({ dishDiameterM }) => dishDiameterM)),
      },
      stored,
    };
  }

  #instrument(stored?: StoredInstrument, centreHz?: number | null, name?: string): Instrument {
    const { site = {}, ...given } = this.#overrides;
    const isDsa110 = !stored || metresApart(stored.site, dsa110.site) <= SAME_SITE_M;
    const header = stored && !(isDsa110 && NAMES_OF_DSA110.includes(stored.name)) ? stored.name : dsa110.name;
    return {
      ...dsa110,
      frequencyHz: isDsa110 ? dsa110.frequencyHz : (centreHz ?? dsa110.frequencyHz),
      dishDiameterM: stored?.dishM ?? dsa110.dishDiameterM,
      name: name ?? header,
      ...given,
      site: { ...(stored?.site ?? dsa110.site), ...site },
    };
  }

  #isSameSite(a: Site, b: Site): boolean {
    const { site } = this.#overrides;
    return metresApart({ ...a, ...site }, { ...b, ...site }) <= SAME_SITE_M;
  }
}

/** The instruments of the history that a reader reads. */
export async function readInstruments(
  reader: Pick<HistoryReader, 'instruments'>,
  overrides?: InstrumentOverrides,
): Promise<Instruments> {
  return new Instruments(await reader.instruments(), overrides);
}

/** The newest observation, or a telescope's newest; undefined if it has no rows any more. */
export async function newestOf(
  reader: Pick<HistoryReader, 'newest' | 'withFiles'>,
  instruments: Instruments,
  telescope?: Telescope,
): Promise<Observation | undefined> {
  const excluded = telescope ? instruments.othersThan(telescope) : [];
  const row = await reader.newest(telescope && instruments.timesOf(telescope), excluded);
  const [whole] = row ? await reader.withFiles([row]) : [];
  return whole;
}

/** Names that no two telescopes share. */
function named(telescopes: readonly Telescope[]): Telescope[] {
  const place = ({ site }: Telescope) => `${site.latitudeDeg.toFixed(4)} ${site.longitudeDeg.toFixed(4)}`;
  return telescopes.map((each, i) => {
    const isShared = telescopes.some(({ name }, k) => k !== i && name === each.name);
    if (each.name !== '' && !isShared) return each;
    return { ...each, name: `${each.name || 'telescope'} at ${place(each)}` };
  });
}

function metresApart(a: Site, b: Site): number {
  const north = (a.latitudeDeg - b.latitudeDeg) * M_PER_DEG;
  const degEast = wrap180(a.longitudeDeg - b.longitudeDeg);
  return Math.hypot(north, degEast * M_PER_DEG * Math.cos(a.latitudeDeg * RAD_PER_DEG));
}
