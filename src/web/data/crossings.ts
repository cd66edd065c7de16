import { wrap180 } from 'pointing-monitor/units';
import type { Sky, Source, Transit } from './api.js';

/** Something that crosses the hour angle at which the telescope stands. */
export interface Crossing {
  readonly name: string;
  readonly mjd: number;
  /** Apparent for calibrators, else ICRS. */
  readonly decDeg: number;
  /** North of the telescope's direction. */
  readonly offsetDeg: number;
  /** At 1.4 GHz. */
  readonly fluxJy: number | null;
  /** A body is the Sun or the Moon. */
  readonly kind: 'calibrator' | 'source' | 'body';
}

export const crossingOfTransit = ({
  name,
  alt_name,
  mjd,
  dec_deg,
  offset_deg,
  flux_20cm_jy,
}: Transit): Crossing => ({
  name: alt_name || name,
  mjd,
  decDeg: dec_deg,
  offsetDeg: offset_deg,
  fluxJy: flux_20cm_jy,
  kind: 'calibrator',
});

/** None where no observation is stored. */
export const crossingOfBody = (name: string, { crossing }: Sky['sun']): Crossing[] =>
  crossing
    ? [
        {
          name,
          mjd: crossing.mjd,
          decDeg: crossing.dec_icrs_deg,
          offsetDeg: crossing.offset_deg,
          fluxJy: null,
          kind: 'body',
        },
      ]
    : [];

/** When a source crosses the path that the telescope will take through the sky; undefined where it does not. */
export function crossingOfSource(
  path: Sky['path'],
  { name, ra_icrs_deg: raDeg, dec_icrs_deg: decDeg }: Source,
): Crossing | undefined {
  const ahead = path.map(({ ra_icrs_deg }) => wrap180(raDeg - ra_icrs_deg));
  const i = ahead.findIndex((deg, at) => {
    const next = ahead[at + 1];
    return next !== undefined && deg >= 0 && next < 0 && deg - next < 180;
  });
  const [from, to] = [path[i], path[i + 1]];
  if (!from || !to) return undefined;
  const [before, after] = [ahead[i] as number, ahead[i + 1] as number];
  const share = before / (before - after);
  const telescopeDecDeg = from.dec_icrs_deg + share * (to.dec_icrs_deg - from.dec_icrs_deg);
  return {
    name,
    mjd: from.mjd + share * (to.mjd - from.mjd),
    decDeg,
    offsetDeg: decDeg - telescopeDecDeg,
    fluxJy: null,
    kind: 'source',
  };
}
