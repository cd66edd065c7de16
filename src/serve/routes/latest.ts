import { type Static, Type } from 'typebox';
import { astrometry } from '../../native/astrometry.js';
import { DEFAULT_JUMP_DEG } from '../../sky/declination-changes.js';
import { dsa110 } from '../../sky/site.js';
import { type Degrees, type MjdUtc, mjdUtcOfUnix, unixOfMjdUtc, unixSeconds } from '../../units.js';
import { type ObservationItem, observationOf, observationProperties } from '../observation.js';
import { query } from '../parameters.js';
import { Angle, Mjd, orNull } from '../quantities.js';
import { type RouteContext, route } from '../route.js';
import { siderealTimeDeg } from '../sky.js';

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
    const now = { mjd, lst_deg: siderealTimeDeg(mjd) };
    const observation = await newestOf(context);
    if (!observation) return { now, observation: null };
    return {
      now,
      observation: { ...observation, age_seconds: unixNow - unixOfMjdUtc(observation.timestamp) },
    };
  },
});

type Newest = ObservationItem & {
  readonly elevation_deg: Degrees | null;
  readonly at_declination_since_mjd: MjdUtc;
};
const known = new WeakMap<
  RouteContext,
  { readonly version: string; readonly newest: Promise<Newest | undefined> }
>();

/** Read once for each version of the database, however many clients ask. */
async function newestOf(context: RouteContext): Promise<Newest | undefined> {
  const version = await context.reader.version();
  const last = known.get(context);
  if (last?.version === version) return last.newest;
  const newest = readNewest(context);
  known.set(context, { version, newest });
  newest.catch(() => known.delete(context));
  return newest;
}

async function readNewest({ reader }: RouteContext): Promise<Newest | undefined> {
  const row = await reader.newest();
  if (!row) return undefined;
  const observation = observationOf(row);
  return {
    ...observation,
    elevation_deg: elevationOf(observation),
    at_declination_since_mjd: await reader.atDeclinationSince(row, DEFAULT_JUMP_DEG),
  };
}

function elevationOf({ ra_icrs_deg, dec_icrs_deg, timestamp }: ObservationItem): Degrees | null {
  if (ra_icrs_deg === null || dec_icrs_deg === null) return null;
  return astrometry().apparentPlaceOfIcrs(ra_icrs_deg, dec_icrs_deg, timestamp, dsa110).elevationDeg;
}
