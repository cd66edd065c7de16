/** What the page asks the server for; the shapes are those of /openapi.json. Times MJD UTC, angles degrees. */

export interface Observation {
  readonly timestamp: number;
  readonly time_iso: string;
  /** Apparent, equinox of date. */
  readonly ra_deg: number;
  readonly dec_deg: number;
  readonly ra_icrs_deg: number | null;
  readonly dec_icrs_deg: number | null;
}

export interface Latest {
  readonly now: { readonly mjd: number; readonly lst_deg: number };
  readonly observation:
    | (Observation & { readonly age_seconds: number; readonly at_declination_since_mjd: number })
    | null;
}

export interface Health {
  readonly running: boolean;
  readonly healthy: boolean;
  readonly stale?: boolean;
  readonly issues: readonly string[];
}

export interface Host extends Health {
  readonly host: string;
  readonly status_file_age_seconds: number | null;
  readonly files_succeeded: number | null;
  readonly files_failed: number | null;
  readonly queue_depth: number | null;
}

export interface Status extends Health {
  /** Where several hosts share the database: each one, the worst first. */
  readonly hosts?: readonly Host[];
  readonly error?: string;
  readonly watch_dir?: string;
  readonly metrics?: {
    readonly files_succeeded: number;
    readonly files_failed: number;
    readonly success_rate_percent: number;
    readonly uptime_seconds: number;
    readonly recent_error_count: number;
  };
  readonly queue?: { readonly depth: number };
  readonly in_beam?: readonly { readonly name: string; readonly separation_deg: number }[];
  readonly reconciliation?: { readonly files_on_disk: number; readonly with_row: number } | null;
}

export interface Coverage {
  readonly ra_bin_deg: number;
  readonly bands: readonly {
    readonly dec_min_deg: number;
    readonly dec_max_deg: number;
    readonly seconds: number;
    readonly ra_bin_seconds: readonly number[];
  }[];
}

export interface Calibrator {
  readonly name: string;
  readonly alt_name: string;
  readonly ra_icrs_deg: number;
  readonly dec_icrs_deg: number;
  readonly flux_20cm_jy: number | null;
}

export interface Transit {
  readonly name: string;
  readonly alt_name: string;
  readonly flux_20cm_jy: number | null;
  readonly mjd: number;
  readonly offset_deg: number;
}

export interface Gap {
  readonly from_mjd: number;
  readonly to_mjd: number;
  readonly minutes: number;
}

export interface Failures {
  readonly total: number;
  readonly items: readonly {
    readonly path: string;
    readonly code: string;
    readonly meaning: string;
    readonly message: string;
    readonly recorded_at: string;
  }[];
}

/** Days, both ends included. */
export interface MjdSpan {
  readonly start: number;
  readonly end: number;
}

const query = (parameters: Record<string, number | undefined>) =>
  Object.entries(parameters)
    .filter(([, value]) => value !== undefined && Number.isFinite(value))
    .map(([name, value], i) => `${i === 0 ? '?' : '&'}${name}=${value}`)
    .join('');

const spanQuery = ({ start, end }: MjdSpan) => ({ start_mjd: start, end_mjd: end });

async function json<T>(path: string): Promise<T> {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body?.error?.message ?? `${answer.status} ${answer.statusText}`);
  return body as T;
}

export const fetchLatest = () => json<Latest>('api/pointing/latest');
export const fetchStatus = () => json<Status>('api/pointing-monitor/status');
export const fetchFailures = () => json<Failures>('api/pointing/failures?limit=100');
export const fetchCoverage = (span: MjdSpan) =>
  json<Coverage>(`api/pointing/coverage${query({ ...spanQuery(span), dec_bin_deg: 1, ra_bin_deg: 2.5 })}`);
export const fetchGaps = async (span: MjdSpan) =>
  (await json<{ items: Gap[] }>(`api/pointing/gaps${query(spanQuery(span))}`)).items;
export const fetchCalibrators = async (minFluxJy: number) =>
  (await json<{ items: Calibrator[] }>(`api/pointing/calibrators?min_flux_jy=${minFluxJy}`)).items;
export const fetchTransits = async () =>
  (await json<{ items: Transit[] }>('api/pointing/transits?hours=24&min_flux_jy=1')).items;

/** The rows of a span in binary, piece by piece as they arrive. */
export async function* fetchTrack(span: MjdSpan, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const answer = await fetch(`api/pointing/track${query(spanQuery(span))}`, { signal });
  if (!answer.ok || !answer.body) throw new Error(`the track cannot be read: ${answer.status}`);
  const reader = answer.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

export const historyCsvUrl = (span: MjdSpan) =>
  `api/pointing_history${query(spanQuery(span))}${Number.isFinite(span.start) ? '&' : '?'}format=csv`;
