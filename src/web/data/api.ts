/** What the page asks the server for. Times MJD UTC, angles degrees. */
import type {
  Answers,
  CalendarAnswer,
  CalibratorsAnswer,
  FailuresAnswer,
  GapsAnswer,
  HostSummary,
  LatestAnswer,
  ObservationAnswer,
  ObservationItem,
  RecentAnswer,
  SearchAnswer,
  SkyAnswer,
  StatusAnswer,
  TransitsAnswer,
} from 'pointing-monitor/types';
import { answered, unreachable } from './connection.js';
import { TELESCOPE } from './instrument.js';
import type { MjdSpan } from './range.js';
import { Track } from './track.js';

export type Observation = ObservationItem;
export type Latest = LatestAnswer & { readonly tookSeconds: number };
export type Status = StatusAnswer;
/** Of the status, of a host or of an event. */
export type Health = Pick<Status, 'running' | 'healthy'> & {
  readonly stale?: boolean;
  readonly issues: readonly string[];
};
export type Host = HostSummary;
export type Calibrator = CalibratorsAnswer['items'][number];
export type Transit = TransitsAnswer['items'][number];
export type Sky = SkyAnswer;
export type Source = SkyAnswer['sources'][number];
export type Gap = GapsAnswer['items'][number];
export type Failures = FailuresAnswer;
export type RecentItem = RecentAnswer['items'][number];
export type OneObservation = ObservationAnswer;
export type Found = SearchAnswer;
export type Calendar = CalendarAnswer;

const query = (parameters: Record<string, number | string | undefined>) =>
  Object.entries(parameters)
    .filter(([, value]) => typeof value === 'string' || Number.isFinite(value))
    .map(([name, value], i) => `${i === 0 ? '?' : '&'}${name}=${encodeURIComponent(value as string)}`)
    .join('');

/** Of routes that tell telescopes apart. */
const oneTelescope = (parameters: Parameters<typeof query>[0] = {}) =>
  query({ ...parameters, instrument: TELESCOPE });
const spanQuery = ({ start, end }: MjdSpan) => ({ start_mjd: start, end_mjd: end });

/** A server that takes longer is as good as gone. */
const ANSWER_WITHIN_MS = 20_000;
/** A proxy answers with a page of its own for a server that is gone, or asks for a log-in. */
const OURS = /^application\/(json|octet-stream)/;

/** The server does not know what it is asked for. */
export class Refused extends Error {}

/** No answer came, or not the whole of it. */
function lost(error: unknown): never {
  throw (error as Error).name === 'AbortError' ? error : unreachable();
}

/**
 * Throws ServerUnreachable, or an Error with the server's own message: Refused for a question of ours that is wrong, or about what
 * does not exist.
 */
async function get<Answer>(
  address: string,
  signal: AbortSignal,
  read: (answer: Response) => Promise<Answer>,
): Promise<Answer> {
  const answer = await fetch(address, { signal, cache: 'no-cache' }).catch(lost);
  if (!OURS.test(answer.headers.get('content-type') ?? '')) throw unreachable();
  if (answer.ok) {
    const whole = await read(answer).catch(lost);
    answered();
    return whole;
  }
  const body = await answer.json().catch(lost);
  answered();
  const message = body.error?.message ?? `HTTP ${answer.status}`;
  throw [400, 404].includes(answer.status) ? new Refused(message) : new Error(message);
}

/** The answer of a route, with this query. */
async function ask<Route extends keyof Answers>(
  route: Route,
  parameters = '',
  signal = AbortSignal.timeout(ANSWER_WITHIN_MS),
): Promise<Answers[Route]> {
  // Relative, so that the page may lie below any path of a proxy.
  return get(`${route.slice(1)}${parameters}`, signal, (answer) => answer.json());
}

/** With the time from the question to the answer, by the clock that also goes on while the computer sleeps. */
export async function fetchLatest(): Promise<Latest> {
  const askedAt = Date.now();
  const latest = await ask('/api/pointing/latest', oneTelescope());
  return { ...latest, tookSeconds: Math.max(0, Date.now() - askedAt) / 1000 };
}
/** Of another telescope than the one on show; undefined where there is only one. */
export const fetchLatestOf = (instrument: string | undefined) =>
  ask('/api/pointing/latest', query({ instrument }));
/** The one that observed last first. */
export const fetchTelescopes = async () => (await ask('/api/pointing/latest')).telescopes;
export const fetchStatus = () => ask('/api/pointing-monitor/status');
export const fetchFailures = (state: 'failed' | 'waiting') =>
  ask('/api/pointing/failures', query({ state, limit: 200 }));
export const fetchRecent = async () => (await ask('/api/pointing/recent', oneTelescope({ limit: 8 }))).items;
export const fetchObservation = (mjd: number) => ask('/api/pointing/observation', query({ mjd }));
export const fetchCalendar = (span: MjdSpan, hourOf: 'utc' | 'lst') =>
  ask('/api/pointing/calendar', oneTelescope({ ...spanQuery(span), hour_of: hourOf }));
export const search = (q: string) => ask('/api/pointing/search', query({ q }));

export const fetchSky = () => ask('/api/pointing/sky', oneTelescope());
export const fetchGaps = async (span: MjdSpan, signal?: AbortSignal) =>
  (await ask('/api/pointing/gaps', oneTelescope(spanQuery(span)), signal)).items;
export const fetchCalibrators = async (minFluxJy: number) =>
  (await ask('/api/pointing/calibrators', query({ min_flux_jy: minFluxJy }))).items;
export const fetchTransits = async () =>
  (await ask('/api/pointing/transits', oneTelescope({ hours: 24, min_flux_jy: 1 }))).items;

export const fetchMeridian = async (hours: number, radiusDeg: number) =>
  (await ask('/api/pointing/transits', oneTelescope({ hours, min_flux_jy: 1, radius_deg: radiusDeg }))).items;

/** As many rows as a screen can tell apart; a month has fewer. */
export const MAX_POINTS = 10_000;

/** The rows of a span, thinned by the server where there are more than MAX_POINTS. However slow the link, it is waited for. */
export async function fetchTrack(span: MjdSpan, signal: AbortSignal): Promise<Track> {
  const parameters = oneTelescope({ ...spanQuery(span), max_points: MAX_POINTS });
  return get(`api/pointing/track${parameters}`, signal, async (answer) => {
    const header = (name: string) => Number(answer.headers.get(name) ?? Number.NaN);
    const [observations, stride] = [header('pointing-rows'), header('pointing-stride')];
    return new Track(new Float64Array(await answer.arrayBuffer()), observations, stride);
  });
}

/** Where the same rows are had in other forms. */
export const exportUrl = (route: string, span: MjdSpan, form: Record<string, string> = {}) =>
  `${route}${oneTelescope({ ...spanQuery(span), ...form })}`;
