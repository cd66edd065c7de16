import type { Connection } from '../data/connection.js';
import { byId } from '../element.js';
import { utc } from '../format.js';

const clock = (mjd: number) => utc(mjd).slice(11, 16);

/** While the server is unreachable: since when, and how old what is on show is. Nothing that needs the server can be used. */
export function showConnection({ lostMjd, lastAnswerMjd }: Connection): void {
  const banner = byId('banner');
  banner.hidden = lostMjd === undefined;
  document.body.toggleAttribute('data-unreachable', lostMjd !== undefined);
  byId('controls').inert = lostMjd !== undefined;
  if (lostMjd === undefined) return;
  banner.textContent = `Server unreachable since ${clock(lostMjd)} UTC, showing data from ${clock(lastAnswerMjd)} UTC.`;
  byId('request-error').hidden = true;
}
