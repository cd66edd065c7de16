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
const [HEIGHT, LEFT, RIGHT, BOTTOM] = [300, 46, 24, 22];
const LEAST_WIDTH = 340;
/** Of a label, about. */
const [CHARACTER_PX, LINE_PX] = [7, 13];

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
    drawing(coming, now, Math.max(LEAST_WIDTH, place.clientWidth)),
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

function drawing(transits: readonly Transit[], now: number, width: number): SVGElement {
  const right = width - RIGHT;
  const x = (mjd: number) => LEFT + (((mjd - now) * 24) / HOURS) * (right - LEFT);
  const y = (offset: number) => ((WITHIN_DEG - offset) / (2 * WITHIN_DEG)) * (HEIGHT - BOTTOM);
  const [first] = transits as [Transit];
  const decDeg = first.dec_deg - first.offset_deg;
  const brightestFirst = [...transits].sort((a, b) => (b.flux_20cm_jy ?? 0) - (a.flux_20cm_jy ?? 0));
  const hours = Array.from({ length: HOURS / 2 + 1 }, (_, i) => now + (2 * i) / 24);
  const text = (words: string, at: readonly [x: number, y: number], anchor = 'start') =>
    svg('text', { x: String(at[0]), y: String(at[1]), 'text-anchor': anchor }, words);
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${HEIGHT}`, class: 'meridian', 'aria-hidden': 'true' },
    svg('rect', {
      class: 'meridian-beam',
      x: String(LEFT),
      width: String(right - LEFT),
      y: String(y(BEAM_RADIUS_DEG)),
      height: String(y(-BEAM_RADIUS_DEG) - y(BEAM_RADIUS_DEG)),
    }),
    ...[-6, -3, 0, 3, 6].flatMap((offset) => [
      svg('path', { class: 'meridian-grid', d: `M${LEFT} ${y(offset)}H${right}` }),
      text(signedDegrees(decDeg + offset, 0), [LEFT - 6, y(offset) + 4], 'end'),
    ]),
    ...hours.map((mjd) => text(clock(mjd), [x(mjd), HEIGHT - 6], 'middle')),
    ...transits.map(({ mjd, offset_deg, flux_20cm_jy }) =>
      svg('circle', {
        class: 'meridian-source',
        cx: String(x(mjd)),
        cy: String(y(offset_deg)),
        r: String(2 + Math.sqrt(flux_20cm_jy ?? 0)),
      }),
    ),
    ...withRoom(brightestFirst, ({ name, alt_name, mjd, offset_deg }) => ({
      words: alt_name || name,
      at: [x(mjd) + 8, y(offset_deg) + 4] as const,
    })).map(({ words, at }) => text(words, at)),
  );
}

interface Label {
  readonly words: string;
  readonly at: readonly [x: number, y: number];
}

/** The labels that no label before them covers. */
function withRoom(transits: readonly Transit[], labelOf: (transit: Transit) => Label): Label[] {
  const kept: Label[] = [];
  for (const label of transits.map(labelOf)) {
    const covers = ({ words, at }: Label) =>
      Math.abs(at[1] - label.at[1]) < LINE_PX &&
      at[0] < label.at[0] + label.words.length * CHARACTER_PX &&
      label.at[0] < at[0] + words.length * CHARACTER_PX;
    if (!kept.some(covers)) kept.push(label);
  }
  return kept;
}
