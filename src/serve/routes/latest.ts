import { type Static, Type } from 'typebox';
import { kept } from '../../maps.js';
import { monotonicSeconds } from '../../monotonic.js';
import { astrometry, type Site } from '../../native/astrometry.js';
import { beamOf } from '../../sky/beam.js';
import { rhythmOf } from '../../sky/cadence.js';
import { DEFAULT_JUMP_DEG } from '../../sky/declination-changes.js';
import { inBeamNow, type SourceInBeam } from '../../sky/in-beam.js';
import type { Instrument } from '../../sky/instrument.js';
import { filledIn, type ObservedRow } from '../../sky/observed.js';
import { type Degrees, mjdUtcOfUnix, unixOfMjdUtc, unixSeconds } from '../../units.js';
import { type ObservationItem, observationOf, observationProperties } from '../observation.js';
import { OneTelescope, query } from '../parameters.js';
import { Angle, Mjd, orNull } from '../quantities.js';
import { type RouteContext, route } from '../route.js';

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
        typical_observation_seconds: Type.Number({ description: 'Median length of the latest observations' }),
        cadence_seconds: orNull(Type.Number(), 'Median interval of the latest observations; null if unknown'),
      },
      { description: 'That of the newest observation' },
    ),
    in_beam: Type.Array(
      Type.Object({
        name: Type.String(),
        alt_name: Type.String({ description: 'The name by which observers know it, if it has another' }),
        separation_deg: Angle(),
        minutes_to_transit: Type.Number({ description: 'Negative after it' }),
        out_iso: orNull(Type.String(), 'When it leaves the half-power beam; null where it never does'),
      } satisfies Record<keyof SourceInBeam, unknown>),
      {
        description:
          'Calibrators with a known flux density of 1 Jy or more at 20 cm within the half-power beam now, if the telescope has not moved since the newest observation',
      },
    ),
    telescopes: Type.Array(Type.String(), {
      description: 'The names of all telescopes of the history, the one that observed last first',
    }),
  },
  { title: 'Latest' },
);
/** The answer of `/api/pointing/latest`. */
export type LatestAnswer = Static<typeof Latest>;

export const latestRoute = route({
  path: '/api/pointing/latest',
  name: 'getLatest',
  tag: 'Pointing',
  summary: 'The newest observation, and what is in the beam now',
  query: query(OneTelescope),
  answer: Latest,
  validity: 'no-cache',
  async respond(query, context) {
    const { telescopes, newest } = await newestIn(context, query.instrument);
    // The database may have taken its time.
    const unixNow = unixSeconds(Date.now() / 1000);
    const mjd = mjdUtcOfUnix(unixNow);
    const { row, instrument, observation, described } = newest;
    return {
      now: { mjd, lst_deg: astrometry().apparentSiderealTimeDeg(mjd, instrument.site.longitudeDeg) },
      observation: observation && {
        ...observation,
        age_seconds: unixNow - unixOfMjdUtc(observation.timestamp),
      },
      in_beam: row ? inBeamNow(row, instrument, mjd) : [],
      instrument: described,
      telescopes,
    };
  },
});

/** What a telescope's newest observation says until the next one. */
interface Newest {
  readonly row: ObservedRow | undefined;
  readonly instrument: Instrument;
  readonly observation: Omit<NonNullable<LatestAnswer['observation']>, 'age_seconds'> | null;
  readonly described: LatestAnswer['instrument'];
}
interface Known {
  readonly version: string;
  readonly readAt: number;
  readonly telescopes: string[];
  readonly byName: Map<string | undefined, Promise<Newest>>;
}
const known = new WeakMap<RouteContext, Known>();
/** A row too far in the future to be true becomes the newest by the clock alone. */
const KEPT_SECONDS = 60;

/** Read once for each version of the database, and a minute, however many clients ask. */
async function newestIn(context: RouteContext, name: string | undefined) {
  const version = await context.reader.version();
  let now = known.get(context);
  if (now?.version !== version || monotonicSeconds() - now.readAt > KEPT_SECONDS) {
    const { telescopes } = await context.instruments.read();
    now = {
      version,
      readAt: monotonicSeconds(),
      telescopes: telescopes.map((each) => each.name),
      byName: new Map(),
    };
    known.set(context, now);
  }
  const { telescopes, byName } = now;
  const newest = kept(byName, name, () => readNewest(context, name));
  newest.catch(() => byName.delete(name));
  return { telescopes, newest: await newest };
}

async function readNewest(context: RouteContext, name: string | undefined): Promise<Newest> {
  const { reader } = context;
  const { instruments, newest, instrument } = await context.instruments.newest(
    name === undefined ? {} : { instrument: name },
  );
  const [row] = newest ? filledIn([newest], instruments.unknown.site) : [];
  const rhythm = row && (await rhythmOf(reader, row, instruments));
  const described = {
    name: instrument.name,
    latitude_deg: instrument.site.latitudeDeg,
    longitude_deg: instrument.site.longitudeDeg,
    altitude_m: instrument.site.altitudeM,
    dish_m: instrument.dishDiameterM,
    frequency_hz: instrument.frequencyHz,
    beam_fwhm_deg: beamOf(instrument).fwhmDeg,
    observation_seconds: row ? instruments.secondsOf(row) : instrument.observationSeconds,
    typical_observation_seconds: rhythm?.observationSeconds ?? instrument.observationSeconds,
    cadence_seconds: rhythm?.cadenceSeconds ?? null,
  };
  if (!row) return { row, instrument, observation: null, described };
  const observation = observationOf(row, instruments);
  const others = instruments.othersThan(instruments.telescopeOf(row.instrumentId));
  return {
    row,
    instrument,
    observation: {
      ...observation,
      elevation_deg: elevationOf(observation, instrument.site),
      at_declination_since_mjd: await reader.atDeclinationSince(row, DEFAULT_JUMP_DEG, others),
    },
    described,
  };
}

function elevationOf({ ra_icrs_deg, dec_icrs_deg, timestamp }: ObservationItem, site: Site): Degrees | null {
  if (ra_icrs_deg === null || dec_icrs_deg === null) return null;
  return astrometry().apparentPlaceOfIcrs(ra_icrs_deg, dec_icrs_deg, timestamp, site).elevationDeg;
}
