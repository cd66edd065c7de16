import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import { addressed } from '../address.js';
import { type Found, fetchLatestOf, search } from '../data/api.js';
import { nowMjd } from '../data/clock.js';
import { TELESCOPE } from '../data/instrument.js';
import { type Pass, passesOf } from '../data/passes.js';
import { isPointingKnown } from '../data/pointing.js';
import { definitions, element } from '../element.js';
import { count, degreesMinutesSeconds, duration, hoursMinutesSeconds, mjdOfUnix } from '../format.js';
import { dateTime, scaleName } from '../times.js';
import { observationLink, opensObservation, spanLink } from './links.js';
import type { ShowPanel } from './panel.js';
import { table } from './table.js';

type Observed = Extract<Found, { kind: 'position' }>['observed'];

const LISTED = 300;
const mjdOf = (iso: string) => mjdOfUnix(Date.parse(iso) / 1000);

/** Where a position was seen, every pass and the next; of another text, what it stands for. */
export const show: ShowPanel = async () => {
  const text = addressed('find');
  if (text === undefined) {
    return [
      element(
        'p',
        { class: 'muted' },
        'Press / and type a source (3C286, Cas A), a position (13:31:08 +30:30:33), a date (2025-10-04) or a file’s name.',
      ),
    ];
  }
  const found = await search(text);
  if (found.kind === 'position') return resultOf(found.observed, await nextOf(found.observed.position));
  return [element('h3', {}, text), element('p', {}, ...meaningOf(found))];
};

/** Of a date or a file, which are shown elsewhere. */
function meaningOf(found: Exclude<Found, { kind: 'position' }>): (Node | string)[] {
  if (found.kind === 'observation')
    return ['A file of the observation at ', observationLink(found.mjd), ` ${scaleName()}.`];
  const { start_mjd: start, end_mjd: end } = found;
  const span = `${dateTime(start)} to ${dateTime(end)}`;
  return ['The time from ', spanLink(start, end, span, `Select ${span}`), ` ${scaleName()}.`];
}

function resultOf(
  { position, items, radius_deg }: Observed,
  next: readonly [term: string, value: string],
): Node[] {
  const passes = passesOf(items).reverse();
  const areOfSeveral = new Set(items.map(({ instrument }) => instrument)).size > 1;
  return [
    element('h3', {}, position.name),
    definitions([
      [
        'ICRS',
        `${hoursMinutesSeconds(position.ra_icrs_deg)} ${degreesMinutesSeconds(position.dec_icrs_deg)}`,
      ],
      ['Last observed', lastOf(position.last_utc)],
      next,
      [
        'In the beam so far',
        passes.length === 0
          ? 'never'
          : `${passes.length === 1 ? '1 pass' : `${count(passes.length)} passes`}, ${duration(position.seconds)}`,
      ],
    ]),
    element(
      'p',
      { class: 'muted' },
      `In the beam: within ${radius_deg.toFixed(2)}° of its centre, half power.${passes.length > LISTED ? ` The latest ${LISTED} passes.` : ''}`,
    ),
    ...(passes.length === 0
      ? []
      : [
          table(
            `Passes of ${position.name}`,
            [
              {
                name: `In, ${scaleName()}`,
                cell: ({ inUtc, best }) => observationLink(best.timestamp, dateTime(mjdOf(inUtc))),
              },
              { name: 'Out', cell: ({ outUtc }) => dateTime(mjdOf(outUtc)) },
              ...(areOfSeveral ? [{ name: 'Telescope', cell: ({ best }: Pass) => best.instrument }] : []),
              { name: 'Offset', number: true, cell: ({ best }) => `${best.offset_deg.toFixed(3)}°` },
              { name: 'Response', number: true, cell: ({ best }) => best.peak_response.toFixed(3) },
              { name: 'In the beam', number: true, cell: ({ seconds }) => duration(seconds) },
              { name: 'Observations', number: true, cell: ({ observations }) => count(observations) },
            ],
            passes.slice(0, LISTED),
            ({ best }) => opensObservation(best.timestamp),
          ),
        ]),
  ];
}

function lastOf(iso: string | null): string {
  if (iso === null) return 'never';
  const agoSeconds = (nowMjd() - mjdOf(iso)) * SECONDS_PER_DAY;
  return `${dateTime(mjdOf(iso))} ${scaleName()}; not observed since, for ${duration(agoSeconds)}`;
}

/** The soonest pass through the beam of any telescope if that stays where it is. */
async function nextOf(position: Observed['position']): Promise<[term: string, value: string]> {
  const { next_in_utc: inUtc, next_out_utc: outUtc, next_offset_deg: offset, next_instrument: by } = position;
  const areSeveral = TELESCOPE !== undefined;
  if (inUtc === null || outUtc === null || offset === null || by === null)
    return [
      'Next in the beam',
      areSeveral ? 'not at the declination of any telescope' : 'not at this declination',
    ];
  const isKnown = isPointingKnown(await fetchLatestOf(areSeveral ? by : undefined), nowMjd());
  const inSeconds = (mjdOf(inUtc) - nowMjd()) * SECONDS_PER_DAY;
  const when = inSeconds > 0 ? `in ${duration(inSeconds)}: ` : isKnown ? 'now: ' : '';
  return [
    areSeveral ? `Next in the beam of ${by}` : 'Next in the beam',
    `${when}${dateTime(mjdOf(inUtc))} to ${dateTime(mjdOf(outUtc)).slice(11)} ${scaleName()}, ${offset.toFixed(2)}° from the centre${isKnown ? '' : ', if the telescope still points there'}`,
  ];
}
