import { byId, element } from '../element.js';
import { hoursMinutesSeconds, signedDegrees, utc } from '../format.js';
import { nameOf } from '../map/markers.js';
import type { Found, SkyMap } from '../map/sky-map.js';

/** Values of what lies under the mouse on the map. A click opens the observation, or searches for the source. */
export function startTip(
  canvas: HTMLCanvasElement,
  map: SkyMap,
  open: { readonly observation: (mjd: number) => void; readonly source: (name: string) => void },
): void {
  const tip = byId('tip');
  canvas.addEventListener('pointermove', (event) => {
    const found = event.buttons === 0 ? map.find({ x: event.offsetX, y: event.offsetY }) : undefined;
    tip.hidden = !found;
    canvas.classList.toggle('found', Boolean(found));
    if (!found) return;
    tip.replaceChildren(...linesOf(found).map((line) => element('span', {}, line)));
    const right = event.offsetX > canvas.clientWidth / 2;
    tip.style.left = right ? '' : `${event.offsetX + 14}px`;
    tip.style.right = right ? `${canvas.clientWidth - event.offsetX + 14}px` : '';
    tip.style.top = `${Math.max(0, event.offsetY - 30)}px`;
  });
  canvas.addEventListener('click', (event) => {
    const found = map.find({ x: event.offsetX, y: event.offsetY });
    if (!found) return;
    if ('row' in found) open.observation(found.track.mjd(found.row));
    else open.source(('source' in found ? found.source : found.calibrator).name);
  });
  canvas.addEventListener('pointerleave', () => {
    tip.hidden = true;
  });
}

const positionOf = (raDeg: number, decDeg: number) =>
  `${hoursMinutesSeconds(raDeg)} ${signedDegrees(decDeg, 3)}`;

function linesOf(found: Found): string[] {
  if ('calibrator' in found) {
    const { calibrator } = found;
    return [
      calibrator.alt_name ? `${nameOf(calibrator)} (${calibrator.name})` : calibrator.name,
      `${calibrator.flux_20cm_jy ?? '–'} Jy at 1.4 GHz`,
      `ICRS ${positionOf(calibrator.ra_icrs_deg, calibrator.dec_icrs_deg)}`,
    ];
  }
  if ('source' in found) {
    const { name, alt_name, ra_icrs_deg, dec_icrs_deg } = found.source;
    return [alt_name ? `${name} (${alt_name})` : name, `ICRS ${positionOf(ra_icrs_deg, dec_icrs_deg)}`];
  }
  const { track, row } = found;
  return [
    `${utc(track.mjd(row))} UTC`,
    `ICRS ${positionOf(track.raIcrsDeg(row), track.decIcrsDeg(row))}`,
    `Apparent ${positionOf(track.raDeg(row), track.decDeg(row))}`,
  ];
}
