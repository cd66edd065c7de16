import { fetchMeridian, type Transit } from '../data/api.js';
import { element, svg } from '../element.js';
import { signedDegrees } from '../format.js';
import { clock, dateTime, scaleName } from '../times.js';
import { sourceLink } from './links.js';
import { nowMjd } from './now.js';
import { table } from './table.js';
import type { ShowPanel } from './tabs.js';

const HOURS = 12;
const WITHIN_DEG = 8;
const BEAM_RADIUS_DEG = 2.715 / 2;
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [1000, 260, 46, 22];
const LABELS_AT_MOST = 40;

/** What crosses the meridian in the next hours along the declination of the telescope, with its beam. */
export const show: ShowPanel = async (place) => {
  const transits = await fetchMeridian(HOURS, WITHIN_DEG);
  const now = nowMjd();
  const coming = transits.filter(({ mjd }) => mjd > now);
  if (coming.length === 0) {
    place.replaceChildren(
      element(
        'p',
        { class: 'muted' },
        `Nothing of 1 Jy or more crosses within ${WITHIN_DEG}° in ${HOURS} h.`,
      ),
    );
    return;
  }
  place.replaceChildren(
    drawing(coming, now),
    table(
      'What crosses the meridian',
      [
        { name: 'Source', cell: ({ name, alt_name }) => sourceLink(name, alt_name || name) },
        { name: scaleName(), number: true, cell: ({ mjd }) => dateTime(mjd).slice(11) },
        { name: 'Jy at 1.4 GHz', number: true, cell: ({ flux_20cm_jy }) => flux_20cm_jy?.toFixed(1) ?? '–' },
        { name: 'Dec', number: true, cell: ({ dec_deg }) => signedDegrees(dec_deg, 2) },
        { name: 'Offset', number: true, cell: ({ offset_deg }) => signedDegrees(offset_deg, 2) },
        {
          name: 'In the beam',
          cell: ({ offset_deg }) => (Math.abs(offset_deg) <= BEAM_RADIUS_DEG ? 'yes' : ''),
        },
      ],
      coming,
    ),
  );
};

function drawing(transits: readonly Transit[], now: number): SVGElement {
  const x = (mjd: number) => LEFT + (((mjd - now) * 24) / HOURS) * (WIDTH - LEFT - 10);
  const y = (offset: number) => ((WITHIN_DEG - offset) / (2 * WITHIN_DEG)) * (HEIGHT - BOTTOM);
  const [first] = transits as [Transit];
  const decDeg = first.dec_deg - first.offset_deg;
  const named = new Set(
    [...transits].sort((a, b) => (b.flux_20cm_jy ?? 0) - (a.flux_20cm_jy ?? 0)).slice(0, LABELS_AT_MOST),
  );
  const hours = Array.from({ length: HOURS + 1 }, (_, hour) => now + hour / 24);
  const offsets = [-6, -3, 0, 3, 6];
  return svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'meridian', 'aria-hidden': 'true' },
    svg('rect', {
      class: 'meridian-beam',
      x: String(LEFT),
      width: String(WIDTH - LEFT - 10),
      y: String(y(BEAM_RADIUS_DEG)),
      height: String(y(-BEAM_RADIUS_DEG) - y(BEAM_RADIUS_DEG)),
    }),
    ...offsets.flatMap((offset) => [
      svg('line', {
        class: 'meridian-grid',
        x1: String(LEFT),
        x2: String(WIDTH - 10),
        y1: String(y(offset)),
        y2: String(y(offset)),
      }),
      svg(
        'text',
        { x: String(LEFT - 6), y: String(y(offset) + 4), 'text-anchor': 'end' },
        signedDegrees(decDeg + offset, 0),
      ),
    ]),
    ...hours.map((mjd) =>
      svg('text', { x: String(x(mjd)), y: String(HEIGHT - 6), 'text-anchor': 'middle' }, clock(mjd)),
    ),
    ...transits.flatMap((transit) => [
      svg('circle', {
        class: 'meridian-source',
        cx: String(x(transit.mjd)),
        cy: String(y(transit.offset_deg)),
        r: String(2 + Math.sqrt(transit.flux_20cm_jy ?? 0)),
      }),
      ...(named.has(transit)
        ? [
            svg(
              'text',
              { x: String(x(transit.mjd) + 8), y: String(y(transit.offset_deg) + 4) },
              transit.alt_name || transit.name,
            ),
          ]
        : []),
    ]),
  );
}
