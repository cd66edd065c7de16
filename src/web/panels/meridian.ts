import { fetchMeridian, fetchSky, type Sky } from '../data/api.js';
import { nowMjd } from '../data/clock.js';
import { type Crossing, crossingOfBody, crossingOfSource, crossingOfTransit } from '../data/crossings.js';
import { BEAM_RADIUS_DEG } from '../data/instrument.js';
import { element, svg } from '../element.js';
import { signedDegrees } from '../format.js';
import { clock, dateTime, scaleName } from '../times.js';
import { sourceLink } from './links.js';
import type { ShowPanel } from './panel.js';
import { table } from './table.js';

const HOURS = 12;
const WITHIN_DEG = 8;
const [HEIGHT, LEFT, RIGHT, BOTTOM] = [300, 46, 24, 22];
const MIN_WIDTH = 340;
const BODY_PX = 6;
/** Their names come before those of calibrators. */
const BODY_JY = 1e6;
/** Of a label, about. */
const [CHARACTER_PX, LINE_PX] = [7, 13];

/** What crosses the meridian in the next hours along the declination of the telescope, with its beam. */
export const show: ShowPanel = async (place) => {
  const [transits, sky] = await Promise.all([fetchMeridian(HOURS, WITHIN_DEG), fetchSky()]);
  const now = nowMjd();
  const bodies = bodiesOf(sky);
  const coming = [...transits.map(crossingOfTransit), ...bodies]
    .filter(({ mjd, offsetDeg }) => mjd > now && mjd < now + HOURS / 24 && Math.abs(offsetDeg) <= WITHIN_DEG)
    .sort((a, b) => a.mjd - b.mjd);
  const far = bodies.filter(({ kind }) => kind === 'body').map(wordsOf);
  return [
    ...(coming.length === 0
      ? [
          element(
            'p',
            { class: 'muted' },
            `Nothing crosses the meridian within ${WITHIN_DEG}° of the beam in the next ${HOURS} h.`,
          ),
        ]
      : [drawing(coming, now, Math.max(MIN_WIDTH, place.clientWidth))]),
    element('p', {}, far.length === 0 ? '' : `${far.join('; ')}.`),
    ...(coming.length === 0 ? [] : [listOf(coming)]),
  ];
};

const bodiesOf = ({ path, sun, moon, sources }: Sky): Crossing[] => [
  ...crossingOfBody('Sun', sun),
  ...crossingOfBody('Moon', moon),
  ...sources.flatMap((source) => crossingOfSource(path, source) ?? []),
];

const wordsOf = ({ name, mjd, offsetDeg }: Crossing) =>
  `${name} crosses at about ${clock(mjd)} ${scaleName()}, ${Math.abs(offsetDeg).toFixed(0)}° ${offsetDeg < 0 ? 'south' : 'north'} of the beam`;

const listOf = (coming: readonly Crossing[]) =>
  table(
    'What crosses the meridian',
    [
      { name: 'Source', cell: ({ name, kind }) => (kind === 'body' ? name : sourceLink(name)) },
      {
        name: scaleName(),
        number: true,
        cell: ({ mjd, kind }) => (kind === 'calibrator' ? dateTime(mjd).slice(11) : clock(mjd)),
      },
      { name: 'Jy at 1.4 GHz', number: true, cell: ({ fluxJy }) => fluxJy?.toFixed(1) ?? '–' },
      { name: 'Dec', number: true, isWide: true, cell: ({ decDeg }) => signedDegrees(decDeg, 2) },
      { name: 'Offset', number: true, cell: ({ offsetDeg }) => signedDegrees(offsetDeg, 2) },
      { name: 'In the beam', cell: ({ offsetDeg }) => (Math.abs(offsetDeg) <= BEAM_RADIUS_DEG ? 'yes' : '') },
    ],
    coming,
  );

function drawing(crossings: readonly Crossing[], now: number, width: number): SVGElement {
  const right = width - RIGHT;
  const x = (mjd: number) => LEFT + (((mjd - now) * 24) / HOURS) * (right - LEFT);
  const y = (offset: number) => ((WITHIN_DEG - offset) / (2 * WITHIN_DEG)) * (HEIGHT - BOTTOM);
  const [first] = crossings as [Crossing];
  const decDeg = first.decDeg - first.offsetDeg;
  const brightestFirst = [...crossings].sort((a, b) => (b.fluxJy ?? BODY_JY) - (a.fluxJy ?? BODY_JY));
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
    ...crossings.map(({ mjd, offsetDeg, fluxJy, kind }) =>
      svg('circle', {
        class: kind === 'calibrator' ? 'meridian-source' : 'meridian-body',
        cx: String(x(mjd)),
        cy: String(y(offsetDeg)),
        r: String(kind === 'calibrator' ? 2 + Math.sqrt(fluxJy ?? 0) : BODY_PX),
      }),
    ),
    ...withRoom(brightestFirst, ({ name, mjd, offsetDeg }) => ({
      words: name,
      at: [x(mjd) + 8, y(offsetDeg) + 4] as const,
    })).map(({ words, at }) => text(words, at)),
  );
}

interface Label {
  readonly words: string;
  readonly at: readonly [x: number, y: number];
}

/** The labels that no label before them covers. */
function withRoom(crossings: readonly Crossing[], labelOf: (crossing: Crossing) => Label): Label[] {
  const kept: Label[] = [];
  for (const label of crossings.map(labelOf)) {
    const covers = ({ words, at }: Label) =>
      Math.abs(at[1] - label.at[1]) < LINE_PX &&
      at[0] < label.at[0] + label.words.length * CHARACTER_PX &&
      label.at[0] < at[0] + words.length * CHARACTER_PX;
    if (!kept.some(covers)) kept.push(label);
  }
  return kept;
}
