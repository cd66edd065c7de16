import { HEAT_LEVELS } from '../colours.js';
import { byId, element } from '../element.js';
import type { Direction } from './direction.js';
import { LEVEL_WORDS } from './heat.js';
import type { Layer, MapState } from './state.js';

const sign = (name: string) => element('span', { class: `sign ${name}`, 'aria-hidden': 'true' });

/** Of the beam on the map. */
let beam = { words: '', colourName: 'accent' };
const HEAT_WORDS = 'time in the beam:';
/** With the colour that stands for each. */
const LAYER_WORDS: readonly (readonly [layer: Layer, words: string, colourName: string])[] = [
  ['trail', 'observations', 'trail-new'],
  ['calibrators', 'calibrators', 'calibrator'],
  ['sources', 'bright sources', 'source'],
  ['galaxy', 'galactic plane', 'galaxy'],
  ['sun', 'Sun', 'sun'],
  ['moon', 'Moon', 'moon'],
  ['unseen', 'never rises', 'unseen'],
  ['path', 'next 24 h', 'accent'],
  ['radio', 'radio sky (smooth model)', 'radio-4'],
];

/** For a map with these layers. */
export function legendOf(
  layers: readonly Layer[],
): { readonly words: string; readonly colourName: string }[] {
  const levels = LEVEL_WORDS.map((words, i) => ({
    words: i === 0 ? `${HEAT_WORDS} ${words}` : words,
    colourName: HEAT_LEVELS[i] as string,
  }));
  return [
    ...(beam.words === '' ? [] : [beam]),
    ...(layers.includes('heat') ? levels : []),
    ...LAYER_WORDS.filter(([layer]) => layers.includes(layer)).map(([, words, colourName]) => ({
      words,
      colourName,
    })),
  ];
}

/** What the ring on the map is, if there is a ring. */
export function showBeam(direction: Direction | undefined): void {
  const item = byId('legend-beam');
  item.hidden = direction === undefined;
  if (!direction) return;
  const { isPredicted, colourName } = direction;
  beam = { words: isPredicted ? 'beam now (predicted)' : 'beam at the last observation', colourName };
  const ring = sign('pointing');
  ring.style.borderColor = `var(--${colourName})`;
  item.replaceChildren(ring, beam.words);
}

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
    element('li', { id: 'legend-beam', hidden: '' }),
    item('heat', HEAT_WORDS, ...levels),
    ...LAYER_WORDS.map(([layer, words]) => item(layer, sign(layer), words)),
  );
  const show = () => {
    for (const [layer, box] of boxes) box.checked = state.view.layers.includes(layer);
  };
  state.onChange(show);
  show();
}
