import { type Static, Type } from 'typebox';
import { astrometry, type Site, type SkyBody } from '../../native/astrometry.js';
import { directionOf, type FixedDirection } from '../../sky/in-beam.js';
import { degrees, mjdUtc, nowMjdUtc } from '../../units.js';
import { OneTelescope, query } from '../parameters.js';
import { Angle, Mjd } from '../quantities.js';
import { route } from '../route.js';

const PATH_DAYS = 1;
const PATH_STEPS_A_DAY = 144;

const Body = (description: string) =>
  Type.Object(
    { ra_icrs_deg: Angle(), dec_icrs_deg: Angle(), elevation_deg: Angle('Without refraction') },
    { description },
  );
const Sky = Type.Object(
  {
    mjd: Mjd('The server’s clock, MJD UTC'),
    site: Type.Object({
      latitude_deg: Angle(),
      longitude_deg: Angle('East positive'),
      altitude_m: Type.Number(),
    }),
    sun: Body('From the site, good to 0.01 deg'),
    moon: Body('From the site, good to 0.01 deg'),
    path: Type.Array(Type.Object({ mjd: Mjd(), ra_icrs_deg: Angle(), dec_icrs_deg: Angle() }), {
      description:
        'Where the telescope will point in the next 24 h if it does not move, every 10 min; empty until an observation is stored',
    }),
  },
  { title: 'Sky' },
);
/** The answer of `/api/pointing/sky`. */
export type SkyAnswer = Static<typeof Sky>;

const bodyOf = ({ raIcrsDeg, decIcrsDeg, elevationDeg }: SkyBody) => ({
  ra_icrs_deg: raIcrsDeg,
  dec_icrs_deg: decIcrsDeg,
  elevation_deg: elevationDeg,
});

export const skyRoute = route({
  path: '/api/pointing/sky',
  name: 'getSky',
  tag: 'Pointing',
  summary: 'The Sun, the Moon and the telescope’s path through the sky over its site',
  query: query(OneTelescope),
  answer: Sky,
  validity: 'no-cache',
  async respond(query, { instruments }) {
    const now = nowMjdUtc();
    const { newest, instrument } = await instruments.newest(query);
    const { site } = instrument;
    const { sun, moon } = astrometry().sunAndMoon(now, site);
    return {
      mjd: now,
      site: {
        latitude_deg: site.latitudeDeg,
        longitude_deg: site.longitudeDeg,
        altitude_m: site.altitudeM,
      },
      sun: bodyOf(sun),
      moon: bodyOf(moon),
      path: newest ? pathFrom(now, directionOf(newest, instrument), site) : [],
    };
  },
});

/** From the last whole step, so that its times are round. */
function pathFrom(now: number, { haDeg, decDeg }: FixedDirection, site: Site): SkyAnswer['path'] {
  const first = Math.floor(now * PATH_STEPS_A_DAY);
  const times = Float64Array.from(
    { length: PATH_DAYS * PATH_STEPS_A_DAY + 1 },
    (_, i) => (first + i) / PATH_STEPS_A_DAY,
  );
  const { raIcrsDeg, decIcrsDeg } = astrometry().icrsOfApparentSeries(
    times.map(() => haDeg),
    times.map(() => decDeg),
    times,
    site,
  );
  return [...times].map((mjd, i) => ({
    mjd: mjdUtc(mjd),
    ra_icrs_deg: degrees(raIcrsDeg[i] as number),
    dec_icrs_deg: degrees(decIcrsDeg[i] as number),
  }));
}
