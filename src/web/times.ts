/** Times as the person wants to read them: UTC, the time of the browser's place, or sidereal time at the telescope. */
import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import { addressed, follow, remember } from './address.js';
import { setClock } from './data/clock.js';
import { SIDEREAL_DEG_PER_SECOND } from './data/exposure.js';
import { type Face, localFace, siderealFace, utcFace } from './data/face.js';
import { byId } from './element.js';
import { hoursMinutesSeconds, unixOfMjd, utc } from './format.js';

const scales = ['utc', 'local', 'lst'] as const;
type TimeScale = (typeof scales)[number];

let scale: TimeScale = 'utc';
/**
 * A sidereal time of the server's, once it has told one. Others follow from it to half a second within a year, and to 3 s within ten: of
 * nutation and UT1 only the server knows.
 */
let known: { readonly mjd: number; readonly lstDeg: number } | undefined;
const listeners: (() => void)[] = [];

/** Of sidereal time. */
const SECONDS_PER_DEG = 240;

const local = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });

/** Calls back when times are written in another way. */
export const onTimeScaleChange = (listener: () => void) => listeners.push(listener);
const tellListeners = () => {
  for (const listener of listeners) listener();
};
/** Takes in what the server's clocks showed when it answered a question that took `tookSeconds`. */
export function knowTimes(mjd: number, lstDeg: number, tookSeconds: number): void {
  const isFirst = known === undefined;
  known = { mjd, lstDeg };
  setClock(mjd, tookSeconds);
  if (isFirst && scale === 'lst') tellListeners();
}
/** Not a number until the server has told its sidereal time. */
export const lstDegAt = (mjd: number) =>
  known ? known.lstDeg + (mjd - known.mjd) * SECONDS_PER_DAY * SIDEREAL_DEG_PER_SECOND : Number.NaN;
/** UTC stands for a sidereal time that is not known yet. */
const scaleNow = (): TimeScale => (scale === 'lst' && !known ? 'utc' : scale);

/** `08:46` of degrees. */
const clockOf = (lstDeg: number) => hoursMinutesSeconds(lstDeg, 0).slice(0, 6).replace('h ', ':');

/** What stands after a time: `UTC`. */
export const scaleName = () => ({ utc: 'UTC', local: 'local', lst: 'LST' })[scaleNow()];

/**
 * `2025-10-04 15:14:41`; LST has no seconds, as they could be wrong, and the date of UTC. A local time on the other side of a change of
 * the clocks has its offset.
 */
export function dateTime(mjd: number): string {
  if (scaleNow() === 'local') return localTime(Math.round(unixOfMjd(mjd)) * 1000);
  const iso = utc(mjd);
  return scaleNow() === 'utc' ? iso : `${iso.slice(0, 10)} ${clockOf(lstDegAt(mjd))}`;
}
/** The hour that summer time repeats is told apart. */
function localTime(unixMs: number): string {
  const offsetMinutes = -new Date(unixMs).getTimezoneOffset();
  if (offsetMinutes === -new Date().getTimezoneOffset()) return local.format(unixMs);
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  const padded = [hours, minutes].map((part) => String(part).padStart(2, '0'));
  return `${local.format(unixMs)}${offsetMinutes < 0 ? '−' : '+'}${padded.join(':')}`;
}

/** The clock whose whole steps of this length an axis is divided into. Sidereal days have no dates. */
export function faceFor(stepSeconds: number): Face {
  if (scaleNow() === 'local') return localFace;
  if (scaleNow() === 'utc' || !known || stepSeconds >= SECONDS_PER_DAY) return utcFace;
  const { mjd, lstDeg } = known;
  return siderealFace(unixOfMjd(mjd), lstDeg * SECONDS_PER_DEG, SIDEREAL_DEG_PER_SECOND * SECONDS_PER_DEG);
}

/** The same without seconds: `2025-10-04 15:14`. */
export const toTheMinute = (mjd: number) => dateTime(mjd).replace(/(:\d\d):\d\d/, '$1');

/** `15:14` */
export const clock = (mjd: number) => dateTime(mjd).slice(11, 16);

export function startTimes(): void {
  const select = byId<HTMLSelectElement>('times');
  const apply = () => {
    scale = scales.find((each) => each === addressed('times')) ?? 'utc';
    select.value = scale;
    tellListeners();
  };
  select.addEventListener('change', () => {
    remember({ times: select.value === 'utc' ? undefined : select.value }, 'push');
    apply();
  });
  follow(['times'], apply);
  apply();
}
