import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import { addressed, remember } from '../address.js';
import { type Calendar, fetchCalendar } from '../data/api.js';
import { element, keepFocus, renew } from '../element.js';
import { signedDegrees, utc } from '../format.js';
import { declinationScale } from './declination-scale.js';
import { selects, spanLink } from './links.js';
import type { ShowPanel } from './panel.js';

type Day = Calendar['days'][number];

const HOURS = 24;
/** Ten years have more days than a page shows. */
const DAYS_AT_MOST = 800;
/** With more, a day is a thin line, and only the first of a month is named. */
const NAMED_DAYS_AT_MOST = 62;
/** Between them the page answers the mouse. */
const ROWS_A_TASK = 100;
const hourOf = () => (addressed('hours') === 'utc' ? 'utc' : 'lst');

/**
 * A row a day, a cell an hour, coloured by declination and blank where nothing was observed; the latest day first. Rows take the places
 * of those before them, some at a time.
 */
export const show: ShowPanel = async (place, { span }, again) => {
  const [first, end] = [Math.floor(span.start), Math.ceil(span.end)];
  const { days } = await fetchCalendar({ start: first, end }, hourOf());
  const decs = days.flatMap(({ hour_dec_deg }) => hour_dec_deg.filter((dec) => dec !== null));
  const scale = declinationScale(decs);
  const listed = calendarOf(days, Math.max(first, end - DAYS_AT_MOST), end);
  const isNamed = listed.length <= NAMED_DAYS_AT_MOST;
  const calendar = calendarIn(place);
  calendar.className = isNamed ? 'calendar' : 'calendar thin';
  calendar.setAttribute('aria-label', `Days by hours of ${hourOf().toUpperCase()}`);
  const cut =
    end - first > DAYS_AT_MOST
      ? element('p', { class: 'muted' }, `The latest ${DAYS_AT_MOST} days of the range.`)
      : '';
  renew(calendar.previousElementSibling as HTMLElement, hoursChoice(again), cut, scale.legend);
  const giveBack = keepFocus(calendar);
  for (const [i, day] of listed.entries()) {
    if (i % ROWS_A_TASK === ROWS_A_TASK - 1) await new Promise((resolve) => setTimeout(resolve));
    const row = rowOf(day, scale.colourOf, isNamed);
    const before = calendar.children[i + 1];
    if (!before) calendar.append(row);
    else if (!before.isEqualNode(row)) before.replaceWith(row);
  }
  while (calendar.children.length > listed.length + 1) calendar.lastElementChild?.remove();
  giveBack();
};

/** The one that is there, or a new one below a place for its head. */
function calendarIn(place: HTMLElement): Element {
  const known = place.querySelector('.calendar');
  if (known) return known;
  const made = element('div', { role: 'table' }, heading());
  place.replaceChildren(element('div', { class: 'card-head' }), made);
  return made;
}

/** All days from the first up to the end, also those without an observation; the latest first. */
function calendarOf(days: readonly Day[], first: number, end: number) {
  const byMjd = new Map(days.map((day) => [day.mjd as number, day]));
  return Array.from({ length: end - first }, (_, i) => {
    const mjd = end - 1 - i;
    return { mjd, day: byMjd.get(mjd) };
  });
}

function hoursChoice(again: () => void): HTMLElement {
  const button = (value: 'utc' | 'lst') => {
    const made = element(
      'button',
      { type: 'button', 'aria-pressed': String(value === hourOf()) },
      value.toUpperCase(),
    );
    made.addEventListener('click', () => {
      remember({ hours: value === 'lst' ? undefined : value }, 'push');
      again();
    });
    return made;
  };
  return element(
    'fieldset',
    { class: 'segments' },
    element('legend', { class: 'hidden' }, 'Hours of'),
    button('lst'),
    button('utc'),
  );
}

const heading = () =>
  element(
    'div',
    { role: 'row', class: 'calendar-head' },
    element('span', { role: 'columnheader' }, 'UTC date'),
    element(
      'span',
      { role: 'columnheader', class: 'hours' },
      ...[0, 6, 12, 18, 24].map((hour) => element('span', {}, `${hour}h`)),
    ),
    element('span', { role: 'columnheader', class: 'number' }, 'Observed'),
  );

function rowOf(
  { mjd, day }: { mjd: number; day: Day | undefined },
  colourOf: (dec: number) => string,
  isNamed: boolean,
): HTMLElement {
  const percent = Math.round(Math.min(1, (day?.seconds ?? 0) / SECONDS_PER_DAY) * 100);
  const date = utc(mjd).slice(0, 10);
  const isFirst = date.endsWith('-01');
  const name = isNamed ? date : isFirst ? date.slice(0, 7) : '';
  const share = element('span', { class: 'share', title: `${date}: ${percent} %` });
  share.style.width = `${percent}%`;
  return element(
    'div',
    { role: 'row', ...selects(mjd, mjd + 1) },
    element(
      'span',
      { role: 'rowheader', ...(name === '' && { 'aria-label': date }) },
      name === '' ? '' : spanLink(mjd, mjd + (isNamed ? 1 : daysOfMonth(date)), name, `Select ${name}`),
    ),
    element('span', { role: 'cell' }, hoursOf(day, date, colourOf)),
    element('span', { role: 'cell', class: 'number' }, isNamed ? `${percent} %` : share),
  );
}

const daysOfMonth = (date: string) =>
  new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();

function hoursOf(day: Day | undefined, date: string, colourOf: (dec: number) => string): HTMLElement {
  const decs = [...new Set((day?.hour_dec_deg ?? []).filter((dec) => dec !== null))];
  const hours = day?.hour_seconds.filter((seconds) => seconds > 0).length ?? 0;
  const words =
    hours === 0
      ? 'not observed'
      : `${hours} of 24 hours, at ${decs.map((dec) => signedDegrees(dec, 2)).join(', ')}`;
  const bar = element('span', {
    class: 'hour-bar',
    role: 'img',
    'aria-label': words,
    title: `${date}: ${words}`,
  });
  const percent = (hour: number) => `${((hour / HOURS) * 100).toFixed(2)}%`;
  const stops = runsOf(day).flatMap(({ dec, from, to }) => [
    `transparent ${percent(from)}`,
    `${colourOf(dec)} ${percent(from)} ${percent(to)}`,
    `transparent ${percent(to)}`,
  ]);
  // A gradient costs less than a canvas for each of many days.
  if (stops.length > 0) bar.style.backgroundImage = `linear-gradient(to right, ${stops.join(', ')})`;
  return bar;
}

/** Hours at one declination, the last as far as it was observed. */
function runsOf(day: Day | undefined): { readonly dec: number; readonly from: number; to: number }[] {
  const runs: ReturnType<typeof runsOf> = [];
  for (const [hour, dec] of (day?.hour_dec_deg ?? []).entries()) {
    if (dec === null) continue;
    const to = hour + Math.min(1, (day?.hour_seconds[hour] ?? 0) / 3600);
    const last = runs.at(-1);
    if (last?.dec === dec && last.to === hour) last.to = to;
    else runs.push({ dec, from: hour, to });
  }
  return runs;
}
