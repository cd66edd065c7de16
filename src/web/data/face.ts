import { SECONDS_PER_DAY } from 'pointing-monitor/units';

/** The face of a clock. What it shows is in seconds, counted as Unix time counts those of UTC: whole days begin at its midnight. */
export interface Face {
  /** Its hand moves by this. */
  readonly leastSeconds: number;
  readonly faceOf: (unix: number) => number;
  /** When it shows this: twice in an hour that summer time repeats. What summer time skips is as far behind the change as it would be. */
  readonly unixOf: (face: number) => readonly number[];
}

export const utcFace: Face = { leastSeconds: 1, faceOf: (unix) => unix, unixOf: (face) => [face] };

const offsetAt = (unix: number) => -60 * new Date(unix * 1000).getTimezoneOffset();
const localOf = (unix: number) => unix + offsetAt(unix);

/** Of the browser's place. */
export const localFace: Face = {
  leastSeconds: 1,
  faceOf: localOf,
  unixOf: (face) => {
    // Clocks are hours apart at most, and changed at most once in two days.
    const [before, after] = [face - SECONDS_PER_DAY, face + SECONDS_PER_DAY].map(offsetAt) as [
      number,
      number,
    ];
    const times = [...new Set([face - before, face - after])].filter((unix) => localOf(unix) === face);
    return times.length > 0 ? times : [face - before];
  },
};

/** Of a sidereal clock that showed this then. It has no hand for seconds. */
export const siderealFace = (unix: number, face: number, rate: number): Face => ({
  leastSeconds: 60,
  faceOf: (other) => face + (other - unix) * rate,
  unixOf: (other) => [unix + (other - face) / rate],
});
