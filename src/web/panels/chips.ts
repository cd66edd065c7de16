import type { Health } from '../data/api.js';
import type { PointingState, Prediction } from '../data/pointing.js';
import { byId, element } from '../element.js';
import { utc } from '../format.js';

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

/** Of the icon, where no style sheet reaches. */
const COLOURS: Record<State | 'unknown', string> = {
  well: '#0b6b57',
  ill: '#c74a00',
  stopped: '#5a6675',
  unknown: '#5a6675',
};

/** While the monitor is well. */
const OF_POINTING: Partial<Record<PointingState, readonly [title: string, colour: string]>> = {
  overdue: ['▲ Overdue', COLOURS.ill],
  unknown: ['? Pointing unknown', COLOURS.unknown],
};

let monitor: State | 'unknown' | undefined;
let pointing: PointingState | undefined;

/** Undefined while the server is unreachable: nobody knows then. Title, icon and chip change only with the state. */
export function showHealth(health: Health | undefined): void {
  if (health) list('issues', health.issues);
  const state = health ? stateOf(health) : 'unknown';
  if (state === monitor) return;
  monitor = state;
  const [sign, word] = CHIPS[state];
  byId('chips').replaceChildren(
    element('span', { class: `chip ${state}` }, element('span', { 'aria-hidden': 'true' }, sign), ` ${word}`),
  );
  showInTab();
}

/** Undefined where nothing is stored. */
export function showPointing(prediction: Pick<Prediction, 'state' | 'lastEndMjd'> | undefined): void {
  const state = prediction?.state;
  if (state === pointing) return;
  pointing = state;
  if (prediction) announce(prediction);
  showInTab();
}

/** What a screen reader knows: at first, what the page says. */
let heard: PointingState | undefined;

/** Says another state of the pointing. The chip and the banner say that nobody watches it. */
function announce({ state, lastEndMjd }: Pick<Prediction, 'state' | 'lastEndMjd'>): void {
  if (state === 'unwatched') return;
  const words = {
    'on time': 'Observations are arriving on time again.',
    overdue: 'The next observation is overdue.',
    unknown: `Pointing unknown since ${utc(lastEndMjd).slice(0, 16)} UTC.`,
  };
  if (heard !== undefined && heard !== state) byId('pointing-said').textContent = words[state];
  heard = state;
}

/** The title and the icon: the monitor's state or, while it is well, that of the pointing. */
function showInTab(): void {
  const ofMonitor = monitor && monitor !== 'well' && [CHIPS[monitor].join(' '), COLOURS[monitor]];
  const [title, colour] = ofMonitor || (pointing && OF_POINTING[pointing]) || [undefined, COLOURS.well];
  document.title = title === undefined ? 'Pointing monitor' : `${title} · Pointing monitor`;
  setIcon(colour as string);
}

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
