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

/** Undefined while the server is unreachable: nobody knows then. */
export function showHealth(health: Health | undefined): void {
  const state = health ? stateOf(health) : 'unknown';
  const [sign, word] = CHIPS[state];
  document.title = state === 'well' ? 'Pointing monitor' : `${sign} ${word} · Pointing monitor`;
  byId('chips').replaceChildren(
    element('span', { class: `chip ${state}` }, element('span', { 'aria-hidden': 'true' }, sign), ` ${word}`),
  );
  if (health) list('issues', health.issues);
}

export const showWarnings = (warnings: readonly string[]) => list('warnings', warnings);

function list(id: string, messages: readonly string[]): void {
  const place = byId(id);
  place.hidden = messages.length === 0;
  place.replaceChildren(...messages.map((message) => element('li', {}, message)));
}
