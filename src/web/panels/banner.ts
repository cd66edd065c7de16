import type { Connection } from '../data/connection.js';
import { byId } from '../element.js';
import { utc } from '../format.js';

const NEED_SERVER = '#controls, #search, #telescopes, #panel-calendar .card-head';

/** While the server is unreachable: since when, and how old what is on show is. Nothing that needs the server can be used. */
export function showConnection({ lostMjd, lastAnswerMjd }: Connection): void {
  const banner = byId('banner');
  banner.hidden = lostMjd === undefined;
  document.body.toggleAttribute('data-unreachable', lostMjd !== undefined);
  for (const part of document.querySelectorAll<HTMLElement>(NEED_SERVER)) part.inert = lostMjd !== undefined;
  if (lostMjd === undefined) return;
  const [since, shown] = [lostMjd, lastAnswerMjd].map((mjd) => utc(mjd).slice(0, 16)) as [string, string];
  const isSameDay = since.slice(0, 10) === shown.slice(0, 10);
  banner.textContent = `Server unreachable since ${since} UTC, showing data from ${isSameDay ? shown.slice(11) : shown} UTC.`;
}
