import { byId, element } from '../element.js';
import { LEVEL_WORDS } from '../map/heat.js';

/** What the signs on the map mean. */
export function showLegend(): void {
  const item = (sign: string, ...text: (Node | string)[]) =>
    element('li', {}, element('span', { class: `sign ${sign}`, 'aria-hidden': 'true' }), ...text);
  byId('legend').replaceChildren(
    item('pointing', 'pointing now (predicted), beam to scale'),
    item('trail', 'observations, newest brightest'),
    element('li', { class: 'title' }, 'time in the beam:'),
    ...LEVEL_WORDS.map((words, i) => item(`heat heat-${i + 1}`, words)),
    item('calibrator', 'calibrator'),
    item('galaxy', 'galactic plane'),
  );
}
