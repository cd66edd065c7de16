import { type Static, Type } from 'typebox';
import { directionOf } from '../../sky/in-beam.js';
import { transitsNear } from '../../sky/transits.js';
import { degrees, isoOfMjdUtc, mjdUtc, nowMjdUtc } from '../../units.js';
import { OneTelescope, query } from '../parameters.js';
import { Angle, Mjd } from '../quantities.js';
import { route } from '../route.js';
import { calibratorProperties, DEFAULT_MIN_FLUX_JY, described, MinFlux } from './calibrators.js';

const DEFAULT_HOURS = 24;

const Transits = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        ...calibratorProperties,
        mjd: Mjd(
          'When the source is at the hour angle at which the telescope stands: its upper transit where that is 0',
        ),
        time_iso: Type.String(),
        dec_deg: Angle('Apparent declination then'),
        offset_deg: Angle('That less the telescope’s declination'),
        elevation_deg: Angle('Without refraction'),
        instrument: Type.String({ description: 'The telescope’s name' }),
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
  summary: 'Calibrators that will pass through the beam if the telescope does not move',
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
        description: 'Maximum distance from the telescope’s declination; default half power of its beam',
      }),
    ),
    ...OneTelescope,
  }),
  answer: Transits,
  validity: 'no-cache',
  async respond(
    { min_flux_jy = DEFAULT_MIN_FLUX_JY, hours = DEFAULT_HOURS, radius_deg, ...telescope },
    { instruments },
  ) {
    const { newest, instrument } = await instruments.newest(telescope);
    if (!newest) return { items: [] };
    const now = nowMjdUtc();
    const range = { fromMjdUtc: now, toMjdUtc: mjdUtc(now + hours / 24) };
    const passing = transitsNear(directionOf(newest, instrument), instrument, range, min_flux_jy, radius_deg);
    const items = passing.map(({ source, mjdUtc: mjd, decDeg, elevationDeg }) => ({
      ...described(source),
      mjd,
      time_iso: isoOfMjdUtc(mjd),
      dec_deg: decDeg,
      offset_deg: degrees(decDeg - newest.dec_deg),
      elevation_deg: elevationDeg,
      instrument: instrument.name,
    }));
    return { items };
  },
});
