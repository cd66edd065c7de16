/** What the page asks the server for. Times MJD UTC, angles degrees. */
import type {
  Answers,
  CalibratorsAnswer,
  CoverageAnswer,
  FailuresAnswer,
  GapsAnswer,
  HostSummary,
  LatestAnswer,
  ObservationItem,
  StatusAnswer,
  TransitsAnswer,
} from 'pointing-monitor/types';

export type Observation = ObservationItem;
export type Latest = LatestAnswer;
export type Status = StatusAnswer;
/** Of the status, of a host or of an event. */
export type Health = Pick<Status, 'running' | 'healthy'> & {
  readonly stale?: boolean;
  readonly issues: readonly string[];
};
export type Host = HostSummary;
export type Coverage = CoverageAnswer;
export type Calibrator = CalibratorsAnswer['items'][number];
export type Transit = TransitsAnswer['items'][number];
export type Gap = GapsAnswer['items'][number];
export type Failures = FailuresAnswer;

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

/** The answer of a route, with this query. */
async function ask<Route extends keyof Answers>(route: Route, parameters = ''): Promise<Answers[Route]> {
  // Relative, so that the page may lie below any path of a proxy.
  const answer = await fetch(`${route.slice(1)}${parameters}`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body?.error?.message ?? `${answer.status} ${answer.statusText}`);
  return body;
}

export const fetchLatest = () => ask('/api/pointing/latest');
export const fetchStatus = () => ask('/api/pointing-monitor/status');
export const fetchFailures = () => ask('/api/pointing/failures', '?limit=100');
export const fetchCoverage = (span: MjdSpan) =>
  ask('/api/pointing/coverage', query({ ...spanQuery(span), dec_bin_deg: 1, ra_bin_deg: 2.5 }));
export const fetchGaps = async (span: MjdSpan) =>
  (await ask('/api/pointing/gaps', query(spanQuery(span)))).items;
export const fetchCalibrators = async (minFluxJy: number) =>
  (await ask('/api/pointing/calibrators', query({ min_flux_jy: minFluxJy }))).items;
export const fetchTransits = async () =>
  (await ask('/api/pointing/transits', query({ hours: 24, min_flux_jy: 1 }))).items;

/** The rows of a span in binary, piece by piece as they arrive. */
export async function* fetchTrack(span: MjdSpan, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const answer = await fetch(`api/pointing/track${query(spanQuery(span))}`, { signal });
  if (!answer.ok || !answer.body) throw new Error(`the track cannot be read: ${answer.status}`);
  const reader = answer.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

export const historyCsvUrl = (span: MjdSpan) =>
  `api/pointing_history${query(spanQuery(span))}${Number.isFinite(span.start) ? '&' : '?'}format=csv`;
