import { type Static, Type } from 'typebox';
import { astrometry, type Site, type SkyBody } from '../../native/astrometry.js';
import { directionOf, type FixedDirection } from '../../sky/in-beam.js';
import { brightSources } from '../../sky/named-sources.js';
import { SIDEREAL_DEG_PER_SECOND } from '../../sky/observation-time.js';
import { degrees, type MjdUtc, mjdUtc, nowMjdUtc, SECONDS_PER_DAY, wrap180, wrap360 } from '../../units.js';
import { OneTelescope, query } from '../parameters.js';
import { Angle, Mjd } from '../quantities.js';
import { route } from '../route.js';

const PATH_DAYS = 1;
const PATH_STEPS_A_DAY = 144;
const SKY_DEG_PER_DAY = SIDEREAL_DEG_PER_SECOND * SECONDS_PER_DAY;

const Body = (description: string) =>
  Type.Object(
    {
      ra_icrs_deg: Angle(),
      dec_icrs_deg: Angle(),
      elevation_deg: Angle('Without refraction'),
      crossing: Type.Union(
        [
          Type.Object({
            mjd: Mjd(),
            dec_icrs_deg: Angle('Then'),
            offset_deg: Angle('Apparent declination then, less the telescope’s'),
          }),
          Type.Null({ description: 'No observation is stored yet' }),
        ],
        { description: 'When it next is at the hour angle at which the telescope stands' },
      ),
    },
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
    sources: Type.Array(
      Type.Object({
        name: Type.String(),
        alt_name: Type.String({ description: 'Or empty' }),
        ra_icrs_deg: Angle(),
        dec_icrs_deg: Angle(),
      }),
      { description: 'The brightest extended sources, good to 0.01 deg, brightest first' },
    ),
    path: Type.Array(Type.Object({ mjd: Mjd(), ra_icrs_deg: Angle(), dec_icrs_deg: Angle() }), {
      description:
        'Where the telescope will point in the next 24 h if it does not move, every 10 min; empty until an observation is stored',
    }),
  },
  { title: 'Sky' },
);
/** The answer of `/api/pointing/sky`. */
export type SkyAnswer = Static<typeof Sky>;

function bodyOf(name: 'sun' | 'moon', now: MjdUtc, site: Site, direction: FixedDirection | undefined) {
  const placeAt = (time: MjdUtc) => astrometry().sunAndMoon(time, site)[name];
  const { raIcrsDeg, decIcrsDeg, elevationDeg } = placeAt(now);
  return {
    ra_icrs_deg: raIcrsDeg,
    dec_icrs_deg: decIcrsDeg,
    elevation_deg: elevationDeg,
    crossing: direction ? nextCrossing(placeAt, now, site, direction) : null,
  };
}

function nextCrossing(
  placeAt: (time: MjdUtc) => SkyBody,
  now: MjdUtc,
  site: Site,
  { haDeg, decDeg }: FixedDirection,
): SkyAnswer['moon']['crossing'] {
  const aheadDeg = (time: MjdUtc) => {
    const { raIcrsDeg, decIcrsDeg } = placeAt(time);
    const place = astrometry().apparentPlaceOfIcrs(raIcrsDeg, decIcrsDeg, time, site);
    return { deg: haDeg - place.haDeg, decIcrsDeg, offsetDeg: degrees(place.decDeg - decDeg) };
  };
  let time = mjdUtc(now + wrap360(aheadDeg(now).deg) / SKY_DEG_PER_DAY);
  // Each step leaves a twenty-fifth of the error: the Moon moves by up to 15 degrees a day.
  for (let step = 0; step < 3; step++) time = mjdUtc(time + wrap180(aheadDeg(time).deg) / SKY_DEG_PER_DAY);
  const { decIcrsDeg, offsetDeg } = aheadDeg(time);
  return { mjd: time, dec_icrs_deg: decIcrsDeg, offset_deg: offsetDeg };
}

export const skyRoute = route({
  path: '/api/pointing/sky',
  name: 'getSky',
  tag: 'Pointing',
  summary: 'The Sun, the Moon, bright sources and the telescope’s path through the sky over its site',
  query: query(OneTelescope),
  answer: Sky,
  validity: 'no-cache',
  async respond(query, { instruments }) {
    const now = nowMjdUtc();
    const { newest, instrument } = await instruments.newest(query);
    const { site } = instrument;
    const direction = newest && directionOf(newest, instrument);
    return {
      mjd: now,
      site: {
        latitude_deg: site.latitudeDeg,
        longitude_deg: site.longitudeDeg,
        altitude_m: site.altitudeM,
      },
      sun: bodyOf('sun', now, site, direction),
      moon: bodyOf('moon', now, site, direction),
      sources: brightSources.map(({ name, altName, raIcrsDeg, decIcrsDeg }) => ({
        name,
        alt_name: altName,
        ra_icrs_deg: raIcrsDeg,
        dec_icrs_deg: decIcrsDeg,
      })),
      path: direction ? pathFrom(now, direction, site) : [],
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
