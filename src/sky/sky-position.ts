import { type Degrees, degrees } from '../units.js';

/** An ICRS direction. */
export interface SkyPosition {
  readonly raIcrsDeg: Degrees;
  readonly decIcrsDeg: Degrees;
}

/** `13:31:08`, `13h31m08.5s`, `13h:31m:08.5s`, `+30d30m`, `202.784`. Only the last part may have a fraction. */
const ANGLE =
  /^(?!.*\.\d+\D+\d)([+\-−]?)(\d{1,3}(?:\.\d+)?)(?:[hd°]|(?::|[hd°]:?)(\d{1,2}(?:\.\d+)?)(?:[m'′]|(?::|[m'′]:?)(\d{1,2}(?:\.\d+)?)[s"″]?)?)?$/i;

/**
 * Reads a right ascension and a declination with a space or comma between: `13:31:08 +30:30:33`, `13h31m08s +30d30m33s`,
 * `13 31 08 +30 30 33`, `13h 31m 08s +30° 30′ 33″`, or `202.784 30.509` in degrees. Undefined for any other text, such as one with a
 * declination in hours.
 */
export function parsePosition(text: string): SkyPosition | undefined {
  const words = text.trim().split(/[\s,]+/);
  if (words.length % 2 !== 0) return undefined;
  const half = words.length / 2;
  const [ra, dec] = [words.slice(0, half).join(':'), words.slice(half).join(':')].map(angleOf);
  if (!ra || !dec || ra.isNegative || dec.hasHours) return undefined;
  const raIcrsDeg = ra.value * (ra.inHours ? 15 : 1);
  if (raIcrsDeg >= 360 || dec.value > 90) return undefined;
  return { raIcrsDeg: degrees(raIcrsDeg), decIcrsDeg: degrees(dec.isNegative ? -dec.value : dec.value) };
}

function angleOf(text: string) {
  const [, sign, whole, minutes = '0', seconds = '0'] = ANGLE.exec(text) ?? [];
  if (whole === undefined || Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  const hasHours = /h/i.test(text);
  return {
    isNegative: sign === '-' || sign === '−',
    value: Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600,
    hasHours,
    inHours: hasHours || (/:/.test(text) && !/[d°]/i.test(text)),
  };
}
