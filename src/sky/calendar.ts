import { kept } from '../maps.js';
import { astrometry, type Site } from '../native/astrometry.js';
import { type Degrees, degrees, mjdUtc, SECONDS_PER_DAY } from '../units.js';
import { SIDEREAL_DEG_PER_SECOND, secondsBeforeNext } from './observation-time.js';

export type HourOf = 'utc' | 'lst';

/** What was observed in one UTC day, by the 24 hours of UTC or of local apparent sidereal time. */
export interface CalendarDay {
  /** The day's first moment. */
  readonly mjdUtc: number;
  readonly seconds: number;
  readonly hourSeconds: readonly number[];
  /** Apparent declination of the last observation in each hour; null for an hour without any. */
  readonly hourDecDeg: readonly (Degrees | null)[];
}

const HOURS = 24;
const DEG_PER_HOUR = 15;
/** More than rounding, less than anything observed. */
const A_MOMENT_DAYS = 1e-9;

interface Held {
  readonly mjd: number;
  readonly decDeg: number;
  readonly seconds: number;
}

/** A telescope, or what else observed from one place. */
type AtSite = { readonly site: Site };

interface Sum {
  seconds: number;
  readonly hourSeconds: number[];
  readonly hourDecDeg: (Degrees | null)[];
  /** Mid times of the observations of which those are. */
  readonly hourMjd: number[];
}

/**
 * Adds up the time on sky by day and hour, of rows added oldest first. Each observed for as long as it says, or up to the
 * start of its telescope's next row where that is sooner; the times of several telescopes are added. Dates outside 1990 to 2100 have no sidereal
 * time, and are left out of a calendar by it.
 */
export class Calendar {
  readonly #hourOf: HourOf;
  readonly #hoursPerDay: number;
  readonly #days = new Map<number, Sum>();
  /** The last row of each telescope. */
  readonly #held = new Map<AtSite, Held>();
  /** When each day's sidereal time begins at each telescope. */
  readonly #startHours = new Map<AtSite, Map<number, number>>();

  constructor(hourOf: HourOf) {
    this.#hourOf = hourOf;
    this.#hoursPerDay = hourOf === 'utc' ? HOURS : (SIDEREAL_DEG_PER_SECOND * SECONDS_PER_DAY) / DEG_PER_HOUR;
  }

  /** The same object for each row of a telescope: its sidereal time is that of its site. */
  add(mjd: number, decDeg: number, seconds: number, telescope: AtSite): void {
    const held = this.#held.get(telescope);
    if (held) this.#observed(telescope, held, secondsBeforeNext(held.seconds, mjd - held.mjd, seconds));
    this.#held.set(telescope, { mjd, decDeg, seconds });
  }

  /** After the last row. */
  finish(): CalendarDay[] {
    for (const [telescope, held] of this.#held) this.#observed(telescope, held, held.seconds);
    return [...this.#days]
      .sort(([a], [b]) => a - b)
      .map(([mjdUtc, { seconds, hourSeconds, hourDecDeg }]) => ({
        mjdUtc,
        seconds,
        hourSeconds,
        hourDecDeg,
      }));
  }

  #observed(telescope: AtSite, { mjd, decDeg, seconds: whole }: Held, seconds: number): void {
    const end = mjd + (seconds - whole / 2) / SECONDS_PER_DAY;
    for (let from = mjd - whole / 2 / SECONDS_PER_DAY; from < end - A_MOMENT_DAYS; ) {
      const day = Math.floor(from + A_MOMENT_DAYS);
      const sum = this.#day(day);
      const hours = this.#startHoursOf(telescope, day) + (from - day) * this.#hoursPerDay;
      const hour = Math.floor(hours + A_MOMENT_DAYS);
      const to = Math.min(end, day + 1, from + (hour + 1 - hours) / this.#hoursPerDay);
      this.#add(sum, hour % HOURS, (to - from) * SECONDS_PER_DAY, { mjd, decDeg });
      from = to;
    }
  }

  #add(sum: Sum, hour: number, seconds: number, { mjd, decDeg }: Pick<Held, 'mjd' | 'decDeg'>): void {
    if (!Number.isFinite(hour)) return;
    sum.seconds += seconds;
    sum.hourSeconds[hour] = (sum.hourSeconds[hour] as number) + seconds;
    if (mjd < (sum.hourMjd[hour] as number)) return;
    sum.hourMjd[hour] = mjd;
    sum.hourDecDeg[hour] = degrees(decDeg);
  }

  #startHoursOf(telescope: AtSite, day: number): number {
    if (this.#hourOf === 'utc') return 0;
    const days = kept(this.#startHours, telescope, () => new Map<number, number>());
    return kept(days, day, () => siderealHours(day, telescope.site));
  }

  #day(day: number): Sum {
    let sum = this.#days.get(day);
    if (!sum) {
      sum = {
        seconds: 0,
        hourSeconds: new Array(HOURS).fill(0),
        hourDecDeg: new Array(HOURS).fill(null),
        hourMjd: new Array(HOURS).fill(Number.NEGATIVE_INFINITY),
      };
      this.#days.set(day, sum);
    }
    return sum;
  }
}

/** NaN outside 1990 to 2100. */
function siderealHours(day: number, site: Site): number {
  const [deg = Number.NaN] = astrometry().apparentSiderealTimesDeg(
    Float64Array.of(mjdUtc(day)),
    site.longitudeDeg,
  );
  return deg / DEG_PER_HOUR;
}
