import type { Health } from '../data/api.js';
import { byId, element } from '../element.js';

type State = 'well' | 'ill' | 'stopped';

const stateOf = ({ running, healthy, stale }: Health): State =>
  !running ? 'stopped' : healthy && !stale ? 'well' : 'ill';

/** A sign and a word besides the colour, for eyes that do not tell colours apart. */
const chips: Record<State, readonly [sign: string, word: string][]> = {
  well: [['●', 'Monitoring']],
  ill: [['▲', 'Unhealthy']],
  stopped: [['■', 'Stopped']],
};

export function showHealth(health: Health, connected: boolean): void {
  const state = stateOf(health);
  const found = chips[state].map(([sign, word]) =>
    element('span', { class: `chip ${state}` }, element('span', { 'aria-hidden': 'true' }, sign), ` ${word}`),
  );
  if (!connected) found.push(element('span', { class: 'chip stopped' }, '⟳ Reconnecting'));
  byId('chips').replaceChildren(...found);
  const issues = byId('issues');
  issues.hidden = health.issues.length === 0;
  issues.replaceChildren(...health.issues.map((issue) => element('li', {}, issue)));
}
