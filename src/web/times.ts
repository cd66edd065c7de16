/** Times as the person wants to read them: UTC, the time of the browser's place, or sidereal time at the telescope. */
import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import { addressed, follow, remember } from './address.js';
import { setClock } from './data/clock.js';
import { SIDEREAL_DEG_PER_SECOND } from './data/exposure.js';
import { byId } from './element.js';
import { hoursMinutesSeconds, unixOfMjd, utc } from './format.js';

const scales = ['utc', 'local', 'lst'] as const;
type TimeScale = (typeof scales)[number];

let scale: TimeScale = 'utc';
/** A sidereal time of the server's. From it others follow to a second in a century. */
let known = { mjd: 0, lstDeg: 0 };
const listeners: (() => void)[] = [];

const local = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });

export const onTimeScaleChange = (listener: () => void) => listeners.push(listener);
/** Takes in what the server's clocks show now. */
export function knowTimes(mjd: number, lstDeg: number): void {
  known = { mjd, lstDeg };
  setClock(mjd);
}
export const lstDegAt = (mjd: number) =>
  known.lstDeg + (mjd - known.mjd) * SECONDS_PER_DAY * SIDEREAL_DEG_PER_SECOND;

/** `08:46:12` of degrees. */
const clockOf = (lstDeg: number) => hoursMinutesSeconds(lstDeg, 0).replace(/[hm] /g, ':').replace('s', '');

/** What stands after a time: `UTC`. */
export const scaleName = () => ({ utc: 'UTC', local: 'local', lst: 'LST' })[scale];

/** `2025-10-04 15:14:41`; with LST the date is UTC. */
export function dateTime(mjd: number): string {
  if (scale === 'local') return local.format(Math.round(unixOfMjd(mjd)) * 1000);
  const iso = utc(mjd);
  return scale === 'utc' ? iso : `${iso.slice(0, 10)} ${clockOf(lstDegAt(mjd))}`;
}
/** `15:14` */
export const clock = (mjd: number) => dateTime(mjd).slice(11, 16);

export function startTimes(): void {
  const select = byId<HTMLSelectElement>('times');
  const apply = () => {
    scale = scales.find((each) => each === addressed('times')) ?? 'utc';
    select.value = scale;
    for (const listener of listeners) listener();
  };
  select.addEventListener('change', () => {
    remember({ times: select.value === 'utc' ? undefined : select.value }, 'push');
    apply();
  });
  follow(['times'], apply);
  apply();
}
