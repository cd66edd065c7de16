/** Numbers as astronomers write them. */
import {
  mjdUtc,
  mjdUtcOfUnix,
  SECONDS_PER_DAY,
  unixOfMjdUtc,
  unixSeconds,
  wrap360,
} from 'pointing-monitor/units';

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** `8h 13m 49.1s` of degrees of right ascension or sidereal time. */
export function hoursMinutesSeconds(deg: number, digits = 1): string {
  const unit = 10 ** digits;
  const total = Math.round((wrap360(deg) / 15) * 3600 * unit) % (SECONDS_PER_DAY * unit);
  const seconds = (total % (60 * unit)) / unit;
  return `${pad(Math.floor(total / (3600 * unit)))}h ${pad(Math.floor(total / (60 * unit)) % 60)}m ${seconds
    .toFixed(digits)
    .padStart(digits ? 3 + digits : 2, '0')}s`;
}

/** `+54° 34′ 12″` of degrees of declination. */
export function degreesMinutesSeconds(deg: number): string {
  const total = Math.round(Math.abs(deg) * 3600);
  const sign = deg < 0 && total > 0 ? '−' : '+';
  return `${sign}${pad(Math.floor(total / 3600))}° ${pad(Math.floor(total / 60) % 60)}′ ${pad(total % 60)}″`;
}

/** `+54.5700°` */
export function signedDegrees(deg: number, digits = 4): string {
  const text = Math.abs(deg).toFixed(digits);
  const sign = Number(text) === 0 ? '' : deg < 0 ? '−' : '+';
  return `${sign}${text}°`;
}

const UNITS: [seconds: number, name: string][] = [
  [SECONDS_PER_DAY, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** The two largest units: `3 d 4 h`, `5 min 9 s`. */
export function duration(seconds: number): string {
  let left = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [size, name] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0 || (parts.length === 0 && name === 's')) parts.push(`${count} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** The same without seconds: `5 min`, and `1 min` for less. */
export const minutes = (seconds: number) => duration(Math.max(60, seconds)).replace(/ \d+ s$/, '');

export const unixOfMjd = (mjd: number): number => unixOfMjdUtc(mjdUtc(mjd));
export const mjdOfUnix = (seconds: number): number => mjdUtcOfUnix(unixSeconds(seconds));

/** `2025-10-04 15:14:41` UTC. */
export const utc = (mjd: number) =>
  new Date(Math.round(unixOfMjd(mjd)) * 1000).toISOString().slice(0, 19).replace('T', ' ');

export const count = (value: number) => value.toLocaleString('en-US').replaceAll(',', '\u202f');

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?)?Z?$/;

/** Of a date with or without a time, UTC. Undefined for any other text, also for the 30th of February. */
export function mjdOfText(text: string): number | undefined {
  const [, date, time = '00:00', seconds = '00'] = ISO.exec(text.trim()) ?? [];
  const iso = `${date}T${time}:${seconds}`;
  const milliseconds = Date.parse(`${iso}Z`);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 19) !== iso)
    return undefined;
  return mjdOfUnix(milliseconds / 1000);
}
