import { byId, element } from '../element.js';
import { LEVEL_WORDS } from './heat.js';
import type { Layer, MapState } from './state.js';

const sign = (name: string) => element('span', { class: `sign ${name}`, 'aria-hidden': 'true' });

const LAYER_WORDS: readonly (readonly [layer: Layer, words: string])[] = [
  ['trail', 'observations'],
  ['calibrators', 'calibrators'],
  ['sources', 'bright sources'],
  ['galaxy', 'galactic plane'],
  ['sun', 'Sun'],
  ['moon', 'Moon'],
  ['unseen', 'never rises'],
  ['path', 'next 24 h'],
];

/** What the signs on the map mean; each layer can be hidden. */
export function startLegend(state: MapState): void {
  const boxes = new Map<Layer, HTMLInputElement>();
  const item = (layer: Layer, ...content: (Node | string)[]) => {
    const box = element('input', { type: 'checkbox', 'data-layer': layer });
    box.addEventListener('change', () => state.toggle(layer));
    boxes.set(layer, box);
    return element('li', {}, element('label', {}, box, ...content));
  };
  const levels = LEVEL_WORDS.map((words, i) =>
    element('span', { class: 'level' }, sign(`heat heat-${i + 1}`), words),
  );
  byId('legend').replaceChildren(
    element('li', {}, sign('pointing'), 'beam now (predicted)'),
    item('heat', 'time in the beam:', ...levels),
    ...LAYER_WORDS.map(([layer, words]) => item(layer, sign(layer), words)),
  );
  const show = () => {
    for (const [layer, box] of boxes) box.checked = state.view.layers.includes(layer);
  };
  state.onChange(show);
  show();
}
