import type { Connection } from '../data/connection.js';
import { byId } from '../element.js';

const clock = (date: Date) => date.toISOString().slice(11, 16);

/** While the server is unreachable: since when, and how old what is on show is. Nothing that needs the server can be used. */
export function showConnection({ lostAt, lastAnswerAt }: Connection): void {
  const banner = byId('banner');
  banner.hidden = !lostAt;
  document.body.toggleAttribute('data-unreachable', lostAt !== undefined);
  byId('controls').inert = lostAt !== undefined;
  if (!lostAt) return;
  banner.textContent = `Server unreachable since ${clock(lostAt)} UTC, showing data from ${clock(lastAnswerAt)} UTC.`;
  byId('request-error').hidden = true;
}
