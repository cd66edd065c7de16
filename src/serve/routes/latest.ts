import { type Static, Type } from 'typebox';
import { astrometry, type Site } from '../../native/astrometry.js';
import { beamOf } from '../../sky/beam.js';
import { cadenceSeconds } from '../../sky/cadence.js';
import { DEFAULT_JUMP_DEG } from '../../sky/declination-changes.js';
import { type Degrees, mjdUtcOfUnix, unixOfMjdUtc, unixSeconds } from '../../units.js';
import { type ObservationItem, observationOf, observationProperties } from '../observation.js';
import { query } from '../parameters.js';
import { Angle, Mjd, orNull } from '../quantities.js';
import { type RouteContext, route } from '../route.js';
import { wholeRows } from '../whole-rows.js';

const Latest = Type.Object(
  {
    now: Type.Object({
      mjd: Mjd('The server’s clock, MJD UTC'),
      lst_deg: Angle('Local apparent sidereal time at the telescope'),
    }),
    observation: Type.Union([
      Type.Object({
        ...observationProperties,
        age_seconds: Type.Number(),
        elevation_deg: orNull(Angle('Without refraction'), 'Null where ICRS is'),
        at_declination_since_mjd: Mjd(
          `First observation since the declination last changed by more than ${DEFAULT_JUMP_DEG} deg`,
        ),
      }),
      Type.Null({ description: 'No observation is stored yet' }),
    ]),
    instrument: Type.Object(
      {
        name: Type.String(),
        latitude_deg: Angle(),
        longitude_deg: Angle('East positive'),
        altitude_m: Type.Number(),
        dish_m: Type.Number(),
        frequency_hz: Type.Number({ description: 'At which the beam is computed' }),
        beam_fwhm_deg: Angle('Width of the primary beam at half power'),
        observation_seconds: Type.Number({ description: 'Length of the newest observation' }),
        cadence_seconds: orNull(Type.Number(), 'Median interval of the latest observations; null if unknown'),
      },
      { description: 'That of the newest observation' },
    ),
  },
  { title: 'Latest' },
);
/** The answer of `/api/pointing/latest`. */
export type LatestAnswer = Static<typeof Latest>;

export const latestRoute = route({
  path: '/api/pointing/latest',
  name: 'getLatest',
  tag: 'Pointing',
  summary: 'Where the telescope points now',
  query: query({}),
  answer: Latest,
  validity: 'no-cache',
  async respond(_, context) {
    const unixNow = unixSeconds(Date.now() / 1000);
    const mjd = mjdUtcOfUnix(unixNow);
    const { observation, instrument } = await newestIn(context);
    const now = {
      mjd,
      lst_deg: astrometry().apparentSiderealTimeDeg(mjd, instrument.longitude_deg),
    };
    if (!observation) return { now, observation, instrument };
    const age = unixNow - unixOfMjdUtc(observation.timestamp);
    return { now, observation: { ...observation, age_seconds: age }, instrument };
  },
});

interface Newest {
  readonly observation: Omit<NonNullable<LatestAnswer['observation']>, 'age_seconds'> | null;
  readonly instrument: LatestAnswer['instrument'];
}
const known = new WeakMap<RouteContext, { readonly version: string; readonly newest: Promise<Newest> }>();

/** Read once for each version of the database, however many clients ask. */
async function newestIn(context: RouteContext): Promise<Newest> {
  const version = await context.reader.version();
  const last = known.get(context);
  if (last?.version === version) return last.newest;
  const newest = readNewest(context);
  known.set(context, { version, newest });
  newest.catch(() => known.delete(context));
  return newest;
}

async function readNewest(context: RouteContext): Promise<Newest> {
  const { reader } = context;
  const instruments = await context.instruments.read();
  const stored = await reader.newest();
  const [row] = stored ? await wholeRows([stored], context) : [];
  const instrument = instruments.ofNewest(row);
  const described = {
    name: instrument.name,
    latitude_deg: instrument.site.latitudeDeg,
    longitude_deg: instrument.site.longitudeDeg,
    altitude_m: instrument.site.altitudeM,
    dish_m: instrument.dishDiameterM,
    frequency_hz: instrument.frequencyHz,
    beam_fwhm_deg: beamOf(instrument).fwhmDeg,
    observation_seconds: row ? instruments.secondsOf(row) : instrument.observationSeconds,
    cadence_seconds: (row && (await cadenceSeconds(reader, row, instruments))) ?? null,
  };
  if (!row) return { observation: null, instrument: described };
  const observation = observationOf(row);
  const others = instruments.othersThan(instruments.telescopeOf(row.instrumentId));
  return {
    observation: {
      ...observation,
      elevation_deg: elevationOf(observation, instrument.site),
      at_declination_since_mjd: await reader.atDeclinationSince(row, DEFAULT_JUMP_DEG, others),
    },
    instrument: described,
  };
}

function elevationOf({ ra_icrs_deg, dec_icrs_deg, timestamp }: ObservationItem, site: Site): Degrees | null {
  if (ra_icrs_deg === null || dec_icrs_deg === null) return null;
  return astrometry().apparentPlaceOfIcrs(ra_icrs_deg, dec_icrs_deg, timestamp, site).elevationDeg;
}
