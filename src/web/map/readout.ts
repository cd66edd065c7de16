import { fixed360 } from 'pointing-monitor/units';
import { toGalactic } from '../data/galactic.js';
import { byId } from '../element.js';
import { degreesMinutesSeconds, hoursMinutesSeconds, signedDegrees } from '../format.js';
import type { Place, Sky } from './projection.js';
import type { SkyMap } from './sky-map.js';
import { WHOLE_SKY_DEG } from './state.js';

function wordsOf({ raDeg, decDeg }: Sky): string {
  const [l, b] = toGalactic([raDeg, decDeg]);
  const galactic = `l ${fixed360(l, 2)}° b ${signedDegrees(b, 2)}`;
  return `RA ${hoursMinutesSeconds(raDeg, 0)} Dec ${degreesMinutesSeconds(decDeg)} · ${galactic}`;
}

/** The position under the mouse; else, of a part of the sky, that of its centre. */
export function startReadout(canvas: HTMLCanvasElement, map: SkyMap): void {
  let mouse: Place | undefined;
  const show = () => {
    const { view } = map.state;
    const sky = mouse && map.skyAt(mouse);
    const centre = mouse || view.fieldDeg === WHOLE_SKY_DEG ? '' : `Centre ${wordsOf(view)}`;
    byId('map-position').textContent = sky ? wordsOf(sky) : centre;
  };
  const follow = (place: Place | undefined) => {
    mouse = place;
    if (!map.state.isMoving) show();
  };
  canvas.addEventListener('pointermove', ({ offsetX: x, offsetY: y }) => follow({ x, y }));
  canvas.addEventListener('pointerleave', () => follow(undefined));
  map.state.onRest(({ view, by }) => {
    show();
    // For a screen reader, what a key did.
    if (by !== 'hand')
      byId('map-said').textContent = `Centre ${wordsOf(view)}, ${view.fieldDeg.toFixed(0)} degrees across`;
  });
}
