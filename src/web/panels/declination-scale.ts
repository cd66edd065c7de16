import { mixed } from '../colours.js';
import { element } from '../element.js';
import { signedDegrees } from '../format.js';

/** From south to north, each of another lightness. */
const STOPS = ['dec-1', 'dec-2', 'dec-3', 'dec-4', 'dec-5'];
/** Declinations of one site that are named in the legend. */
const MAX_NAMED = 8;

/** Colours for the declinations that occur, and their legend. */
export function declinationScale(decs: readonly number[]): {
  readonly colourOf: (decDeg: number) => string;
  readonly legend: HTMLElement;
} {
  const distinct = [...new Set(decs.map((dec) => Math.round(dec * 10) / 10))].sort((a, b) => a - b);
  const [min = 0, max = min + 1] = [distinct[0], distinct.at(-1)];
  const colourOf = (dec: number) => colourAt(max > min ? (dec - min) / (max - min) : 0.5);
  const named = distinct.length <= MAX_NAMED ? distinct : [min, (min + max) / 2, max];
  const legend = element(
    'ul',
    { class: 'legend', 'aria-label': 'Declinations' },
    ...named.map((dec) => {
      const sign = element('span', { class: 'sign heat', 'aria-hidden': 'true' });
      sign.style.background = colourOf(dec);
      return element('li', {}, sign, signedDegrees(dec, 1));
    }),
  );
  return { colourOf, legend };
}

function colourAt(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const i = Math.min(STOPS.length - 2, Math.floor(at));
  return mixed(STOPS[i] as string, STOPS[i + 1] as string, at - i);
}
