import { wrap360 } from 'pointing-monitor/units';
import type uPlot from 'uplot';
import type { Track } from '../data/track.js';
import { lstDegAt } from '../times.js';
import { declinationRange, declinationTick } from './plot-drawing.js';

/** What a plot shows against time. */
export interface Quantity {
  /** Of its place on the page. */
  readonly id: string;
  readonly name: string;
  readonly of: (track: Track, i: number) => number;
  readonly scale: uPlot.Scale;
  readonly splits?: number[];
  readonly text: (value: number) => string;
  /** A bar a dwell, a point a row, or a column a day. */
  readonly as: 'bars' | 'points' | 'columns';
}

const declination: Quantity = {
  id: 'dec-plot',
  name: 'Declination',
  of: (track, i) => track.decDeg(i),
  scale: { range: declinationRange },
  text: declinationTick,
  as: 'bars',
};

const ofTheDay = {
  id: 'ra-plot',
  scale: { range: [0, 24] },
  splits: [0, 12, 24],
  text: (value: number) => `${value}h`,
} satisfies Partial<Quantity>;

const rightAscension: Quantity = {
  ...ofTheDay,
  name: 'Right ascension',
  // Files may count them from −180°.
  of: (track, i) => wrap360(track.raDeg(i)) / 15,
  as: 'points',
};

const siderealTime: Quantity = {
  ...ofTheDay,
  name: 'LST observed, coloured by declination,',
  of: (track, i) => wrap360(lstDegAt(track.mjd(i))) / 15,
  as: 'columns',
};

/** In more days than these the sky turns too often for right ascension to be told apart. */
const MONTH_DAYS = 31;
const forDays: readonly Quantity[] = [declination, rightAscension];
const forMonths: readonly Quantity[] = [declination, siderealTime];

/** From the top; always the same for spans that are drawn in the same way. */
export const quantitiesFor = (days: number) =>
  days > MONTH_DAYS && Number.isFinite(lstDegAt(0)) ? forMonths : forDays;
