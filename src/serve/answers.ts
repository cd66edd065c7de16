/**
 * What the HTTP API answers, in JSON; /openapi.json says the same for programs in other languages. Times are MJD UTC in days,
 * angles in degrees; apparent positions are of date (equinox and equator), ICRS ones without refraction.
 */
import type { ErrorCode } from '../errors.js';
import type { SharedStatus } from '../health/hosts.js';
import type { IssueCode } from '../issues.js';
import type { HistoryRow } from '../store/rows.js';
import type { Degrees, MjdUtc } from '../units.js';

/** The answer of each route, by its path: `Answers['/api/pointing_history']`. Answers without success are `ErrorAnswer`s. */
export interface Answers {
  readonly '/api/pointing-monitor/status': StatusAnswer;
  readonly '/api/pointing_history': PointingHistoryAnswer;
  readonly '/api/pointing/latest': LatestAnswer;
  readonly '/api/pointing/changes': ChangesAnswer;
  readonly '/api/pointing/gaps': GapsAnswer;
  readonly '/api/pointing/coverage': CoverageAnswer;
  readonly '/api/pointing/calibrators': CalibratorsAnswer;
  readonly '/api/pointing/transits': TransitsAnswer;
  readonly '/api/pointing/failures': FailuresAnswer;
  readonly '/api/pointing/observed': ObservedAnswer;
  readonly '/healthz': HealthAnswer;
}

/**
 * The status file with its age, or `error` where there is none (`'error' in status`): then it is neither running nor healthy. Of
 * several hosts that share a database it is the worst one's, with `hosts`.
 */
export type StatusAnswer = SharedStatus;

/** A row of the history: mid time and apparent position, of the names that `pointing_history` has in the database. */
export type PointingHistoryItem = HistoryRow;

/** Rows of the history, oldest first. Where more follow, the header `Link` says where, with `rel="next"`. */
export interface PointingHistoryAnswer {
  readonly items: readonly PointingHistoryItem[];
}

/** A row of the history with its direction in ICRS. */
export interface ObservationItem extends PointingHistoryItem {
  /** The mid time in ISO 8601, to the second. */
  readonly time_iso: string;
  /** Null where the time lies outside 1990 to 2100 or the row's numbers are not possible. */
  readonly ra_icrs_deg: Degrees | null;
  readonly dec_icrs_deg: Degrees | null;
}

/** Where the telescope points now. */
export interface LatestAnswer {
  readonly now: {
    /** By the server's clock. */
    readonly mjd: MjdUtc;
    /** Local apparent sidereal time at the telescope. */
    readonly lst_deg: Degrees;
  };
  /** The newest; null while nothing is stored. */
  readonly observation:
    | (ObservationItem & {
        readonly age_seconds: number;
        /** The first observation since the declination last changed by more than 0.1 deg. */
        readonly at_declination_since_mjd: MjdUtc;
      })
    | null;
}

/** Changes of the apparent declination, oldest first. */
export interface ChangesAnswer {
  readonly items: readonly {
    /** The first observation at the new declination. */
    readonly mjd: MjdUtc;
    readonly time_iso: string;
    readonly from_deg: Degrees;
    readonly to_deg: Degrees;
  }[];
}

/** Times without an observation, oldest first, each from the end of one observation to the start of the next. */
export interface GapsAnswer {
  readonly items: readonly {
    readonly from_mjd: MjdUtc;
    readonly to_mjd: MjdUtc;
    readonly minutes: number;
  }[];
}

/** Time on sky by bands of apparent declination, southernmost first; those never observed are left out. */
export interface CoverageAnswer {
  readonly frame: 'apparent';
  readonly dec_bin_deg: number;
  readonly ra_bin_deg: number;
  readonly bands: readonly {
    readonly dec_min_deg: number;
    readonly dec_max_deg: number;
    readonly seconds: number;
    /** Bin i begins at right ascension i times `ra_bin_deg`. */
    readonly ra_bin_seconds: readonly number[];
  }[];
}

/** Calibrators of the VLA's list. */
export interface CalibratorsAnswer {
  readonly items: readonly {
    readonly name: string;
    /** `3C286`, or empty. */
    readonly alt_name: string;
    readonly ra_icrs_deg: Degrees;
    readonly dec_icrs_deg: Degrees;
    /** Flux density at 1.4 GHz in Jy; null where the list has none. */
    readonly flux_20cm_jy: number | null;
  }[];
}

/** The calibrators that will pass through the beam, soonest first, if the telescope stays at its declination. */
export interface TransitsAnswer {
  readonly items: readonly {
    readonly name: string;
    /** `3C286`, or empty. */
    readonly alt_name: string;
    /** Flux density at 1.4 GHz in Jy; null where the list has none. */
    readonly flux_20cm_jy: number | null;
    readonly mjd: MjdUtc;
    readonly time_iso: string;
    /** Apparent. */
    readonly dec_deg: Degrees;
    /** The same minus the telescope's declination. */
    readonly offset_deg: number;
    /** Without refraction. */
    readonly elevation_deg: Degrees;
  }[];
}

/** How long a position was in the beam. Times are ISO 8601 UTC, null where it never was. */
interface InBeam {
  readonly name: string;
  readonly observations: number;
  readonly seconds: number;
  /** Weighted by the power response. */
  readonly weighted_seconds: number;
  readonly first_utc: string | null;
  readonly last_utc: string | null;
}

/** When a position was in the beam, oldest first. */
export interface ObservedAnswer {
  /** Distance from the centre of the beam that counts as in the beam. */
  readonly radius_deg: number;
  readonly position: InBeam & {
    readonly ra_icrs_deg: Degrees;
    readonly dec_icrs_deg: Degrees;
    /** The next pass if the telescope does not move; null where there is none. */
    readonly next_in_utc: string | null;
    readonly next_out_utc: string | null;
    readonly next_offset_deg: number | null;
  };
  readonly days: readonly (InBeam & {
    /** UTC. */
    readonly date: string;
  })[];
  readonly dwells: readonly (InBeam & {
    /** Apparent declination of the telescope. */
    readonly dec_deg: Degrees;
    /** Middle of the first observation of the dwell. */
    readonly since_utc: string | null;
  })[];
  readonly items: readonly {
    readonly name: string;
    /** Mid time. */
    readonly timestamp: MjdUtc;
    readonly in_utc: string;
    readonly out_utc: string;
    /** From the centre of the beam at the closest approach. */
    readonly offset_deg: Degrees;
    readonly peak_response: number;
    readonly mean_response: number;
    readonly seconds: number;
    readonly weighted_seconds: number;
    /** Null where it is not known. */
    readonly path: string | null;
  }[];
}

/** Files that could not be read, the latest first. */
export interface FailuresAnswer {
  /** Of all, not only of those listed. */
  readonly total: number;
  readonly items: readonly {
    /** Where several hosts share the database. */
    readonly host?: string;
    readonly path: string;
    readonly code: ErrorCode;
    /** What the code means. */
    readonly meaning: string;
    /** What is wrong with this file. */
    readonly message: string;
    readonly attempts: number;
    /** When it was given up, ISO 8601, UTC. */
    readonly recorded_at: string;
  }[];
}

/** For probes: with 200 where healthy, with 503 where not. */
export interface HealthAnswer {
  readonly healthy: boolean;
  /** Empty where healthy. */
  readonly issues: readonly string[];
}

/** The data of the events of `/api/pointing/events`, by their names. */
export interface EventData {
  /** At once, and at every change. */
  readonly health: {
    readonly running: boolean;
    readonly healthy: boolean;
    readonly stale: boolean;
    readonly issues: readonly string[];
    /** One for each of the issues, in their order. */
    readonly issue_codes: readonly IssueCode[];
  };
  /** A row newer than all others. */
  readonly observation: ObservationItem;
  /** Older rows, or the state of files, have changed, or many rows came at once: look again at what you show. */
  readonly changed: {
    /** Null while nothing is stored. */
    readonly newest_mjd: MjdUtc | null;
  };
}

/** The body of an answer with a status of 400 or more. */
export interface ErrorAnswer {
  readonly error: {
    /** `bad_parameter`, `not_found`, `database_<kind of StoreError>`, `bad_request`, `busy` or `internal`. */
    readonly code: string;
    readonly message: string;
    /** The query parameter that is wrong. */
    readonly parameter?: string;
  };
}
