import type { Connection } from '../data/connection.js';
import { byId } from '../element.js';
import { utc } from '../format.js';

/** No child of the body: those an observation that covers the page takes away and gives back. */
const NEED_SERVER = '#controls > *, #search, #telescopes, #panel-calendar .card-head';

/** Had the focus when the server was lost. */
let typedInto: HTMLElement | undefined;

/** While the server is unreachable: since when, and how old what is on show is. Nothing that needs the server can be used. */
export function showConnection({ lostMjd, lastAnswerMjd }: Connection): void {
  const banner = byId('banner');
  banner.hidden = lostMjd === undefined;
  document.body.toggleAttribute('data-unreachable', lostMjd !== undefined);
  // What becomes inert leaves the focus to the body.
  const focused = document.activeElement;
  for (const part of document.querySelectorAll<HTMLElement>(NEED_SERVER)) part.inert = lostMjd !== undefined;
  if (lostMjd === undefined) {
    if (document.activeElement === document.body) typedInto?.focus();
    typedInto = undefined;
    return;
  }
  if (focused instanceof HTMLElement && focused.closest('[inert]')) typedInto = focused;
  const [since, shown] = [lostMjd, lastAnswerMjd].map((mjd) => utc(mjd).slice(0, 16)) as [string, string];
  const isSameDay = since.slice(0, 10) === shown.slice(0, 10);
  banner.textContent = `Server unreachable since ${since} UTC, showing data from ${isSameDay ? shown.slice(11) : shown} UTC.`;
}
