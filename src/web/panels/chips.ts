import type { Health } from '../data/api.js';
import { byId, element } from '../element.js';

type State = 'well' | 'ill' | 'stopped';

const stateOf = ({ running, healthy, stale }: Health): State =>
  !running ? 'stopped' : healthy && !stale ? 'well' : 'ill';

/** A sign and a word besides the colour, for eyes that do not tell colours apart. */
const CHIPS: Record<State | 'unknown', readonly [sign: string, word: string]> = {
  well: ['●', 'Monitoring'],
  ill: ['▲', 'Unhealthy'],
  stopped: ['■', 'Stopped'],
  unknown: ['?', 'Unknown'],
};

let shown: State | 'unknown' | undefined;

/** Undefined while the server is unreachable: nobody knows then. Title, icon and chip change only with the state. */
export function showHealth(health: Health | undefined): void {
  if (health) list('issues', health.issues);
  const state = health ? stateOf(health) : 'unknown';
  if (state === shown) return;
  shown = state;
  const [sign, word] = CHIPS[state];
  document.title = state === 'well' ? 'Pointing monitor' : `${sign} ${word} · Pointing monitor`;
  byId('chips').replaceChildren(
    element('span', { class: `chip ${state}` }, element('span', { 'aria-hidden': 'true' }, sign), ` ${word}`),
  );
  setIcon(COLOURS[state]);
}

/** Of the icon, where no style sheet reaches. */
const COLOURS: Record<State | 'unknown', string> = {
  well: '#0b6b57',
  ill: '#c74a00',
  stopped: '#5a6675',
  unknown: '#5a6675',
};

function setIcon(colour: string): void {
  const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="11" fill="none" stroke="${colour}" stroke-width="5"/><circle cx="16" cy="16" r="3" fill="${colour}"/></svg>`;
  byId('icon').setAttribute('href', `data:image/svg+xml,${encodeURIComponent(icon)}`);
}

export const showWarnings = (warnings: readonly string[]) => list('warnings', warnings);

function list(id: string, messages: readonly string[]): void {
  const place = byId(id);
  place.hidden = messages.length === 0;
  if ([...place.children].map(({ textContent }) => textContent).join('\n') === messages.join('\n')) return;
  place.replaceChildren(...messages.map((message) => element('li', {}, message)));
}
