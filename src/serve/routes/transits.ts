import { type Static, Type } from 'typebox';
import { BEAM_FWHM_DEG } from '../../sky/beam.js';
import { calibratorsAbove } from '../../sky/calibrators.js';
import { nearDeclination, transitsOfAll } from '../../sky/transits.js';
import { degrees, isoOfMjdUtc, mjdUtc, mjdUtcOfUnix, unixSeconds } from '../../units.js';
import { query } from '../parameters.js';
import { Angle, Mjd } from '../quantities.js';
import { route } from '../route.js';
import { calibratorProperties, DEFAULT_MIN_FLUX_JY, MinFlux } from './calibrators.js';

const BEAM_RADIUS_DEG = BEAM_FWHM_DEG / 2;
const DEFAULT_HOURS = 24;

const Transits = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        ...calibratorProperties,
        mjd: Mjd('Upper transit at the telescope, MJD UTC'),
        time_iso: Type.String(),
        dec_deg: Angle('Apparent declination at transit'),
        offset_deg: Angle('Declination at transit minus the telescope’s declination'),
        elevation_deg: Angle('Without refraction'),
      }),
    ),
  },
  { title: 'Transits', description: 'Soonest first; empty until an observation is stored' },
);
/** The answer of `/api/pointing/transits`. */
export type TransitsAnswer = Static<typeof Transits>;

export const transitsRoute = route({
  path: '/api/pointing/transits',
  name: 'listTransits',
  tag: 'Pointing',
  summary: 'Calibrators that will pass through the beam if the declination does not change',
  query: query({
    min_flux_jy: MinFlux,
    hours: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 168,
        default: DEFAULT_HOURS,
        description: 'How far to look ahead',
      }),
    ),
    radius_deg: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 10,
        default: BEAM_RADIUS_DEG,
        description: 'Maximum distance from the telescope’s declination',
      }),
    ),
  }),
  answer: Transits,
  validity: 'no-cache',
  async respond(
    { min_flux_jy = DEFAULT_MIN_FLUX_JY, hours = DEFAULT_HOURS, radius_deg = BEAM_RADIUS_DEG },
    { reader },
  ) {
    const newest = await reader.newest();
    if (!newest) return { items: [] };
    const near = calibratorsAbove(min_flux_jy).filter(nearDeclination(newest.dec_deg, radius_deg));
    const now = mjdUtcOfUnix(unixSeconds(Date.now() / 1000));
    const items = transitsOfAll(near, now, mjdUtc(now + hours / 24))
      .map(({ source, mjdUtc: mjd, decDeg, elevationDeg }) => ({
        name: source.name,
        alt_name: source.altName,
        flux_20cm_jy: source.flux20cmJy,
        mjd,
        time_iso: isoOfMjdUtc(mjd),
        dec_deg: decDeg,
        offset_deg: degrees(decDeg - newest.dec_deg),
        elevation_deg: elevationDeg,
      }))
      .filter(({ offset_deg }) => Math.abs(offset_deg) <= radius_deg);
    return { items };
  },
});
