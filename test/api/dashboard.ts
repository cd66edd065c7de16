import type { Answers } from 'pointing-monitor/types';
import { isoOfMjdUtc } from 'pointing-monitor/units';

/** One of the API's answers, with its type: `(await get(server, '/api/pointing_history')).items`. */
async function get<Path extends keyof Answers>(
  server: string,
  path: Path,
  query: Record<string, string> = {},
): Promise<Answers[Path]> {
  const answer = await fetch(new URL(`${path}?${new URLSearchParams(query)}`, server));
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answers[Path];
}

/** How the monitor is, in a line. */
export async function headline(server: string) {
  const status = await get(server, '/api/pointing-monitor/status');
  if ('error' in status) return status.error;
  const newest = status.newest_observation;
  const since = newest ? `newest ${isoOfMjdUtc(newest.timestamp_mjd)}` : 'no observation yet';
  return status.healthy ? `healthy, ${since}` : status.issues.join('; ');
}
