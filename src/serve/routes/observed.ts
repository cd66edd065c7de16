import { type Static, Type } from 'typebox';
import { beamOf, type Extent, extentDeg } from '../../sky/beam.js';
import type { Source } from '../../sky/calibrators.js';
import { newestOf } from '../../sky/instruments.js';
import { sourcesNamed } from '../../sky/named-sources.js';
import { dayColumns, dwellColumns, positionColumns, sightingColumns } from '../../sky/sightings/columns.js';
import { observedOf, TooManySightings } from '../../sky/sightings/observed.js';
import { type Column, record } from '../../sky/table/column.js';
import { degrees, nowMjdUtc, type TimeRange } from '../../units.js';
import { BadParameter, query, Span, span } from '../parameters.js';
import { Angle, Mjd, orNull } from '../quantities.js';
import { type HeavyContext, heavyRoute } from '../route.js';

const ObservedQuery = query({
  name: Type.Optional(
    Type.String({ description: 'A calibrator of the VLA list or a bright source, instead of a position' }),
  ),
  ra: Type.Optional(Type.Number({ minimum: 0, maximum: 360, description: 'ICRS right ascension, deg' })),
  dec: Type.Optional(Type.Number({ minimum: -90, maximum: 90, description: 'ICRS declination, deg' })),
  radius_deg: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 180,
      description: 'Distance from the centre of the beam that counts as in the beam; default half power',
    }),
  ),
  response: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description:
        'Instead of a radius: where the main lobe falls to this power response; for sidelobes use radius_deg',
    }),
  ),
  ...Span,
});

const Text = Type.String();
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

const Totals = {
  name: Text,
  observations: Type.Number({ description: 'Observations with the position in the beam' }),
  seconds: Type.Number({ description: 'Time in the beam' }),
  weighted_seconds: Type.Number({ description: 'Time in the beam, weighted by the power response' }),
  first_utc: TextOrNull,
  last_utc: TextOrNull,
};

export const Observed = Type.Object(
  {
    radius_deg: Type.Number({
      description:
        'Distance from the centre of the beam that counts as in the beam; of the newest observation',
    }),
    position: Type.Object({
      ...Totals,
      ra_icrs_deg: Angle(),
      dec_icrs_deg: Angle(),
      next_in_utc: TextOrNull,
      next_out_utc: TextOrNull,
      next_offset_deg: NumberOrNull,
      next_instrument: TextOrNull,
    }),
    days: Type.Array(Type.Object({ ...Totals, date: Type.String({ description: 'UTC date' }) })),
    dwells: Type.Array(
      Type.Object({
        ...Totals,
        dec_deg: Angle('Apparent declination of the telescope'),
        since_utc: TextOrNull,
      }),
    ),
    items: Type.Array(
      Type.Object({
        name: Text,
        timestamp: Mjd('Mid time of the observation, MJD UTC'),
        in_utc: Type.String({ description: 'First in the beam during the observation' }),
        out_utc: Type.String({ description: 'Last in the beam during the observation' }),
        offset_deg: Angle('From the centre of the beam at the closest approach'),
        peak_response: Type.Number({ description: 'Power response at the closest approach, 0 to 1' }),
        mean_response: Type.Number({ description: 'Mean power response in the beam' }),
        seconds: Type.Number({ description: 'Time in the beam' }),
        weighted_seconds: Type.Number({ description: 'Time in the beam, weighted by the power response' }),
        instrument: Type.String({ description: 'The telescope’s name' }),
        path: TextOrNull,
        quality: orNull(Type.String(), 'What the file’s header says of its times, in words'),
      }),
    ),
  },
  { title: 'Observed', description: 'Oldest first' },
);
/** The answer of `/api/pointing/observed`. */
export type ObservedAnswer = Static<typeof Observed>;

/** A row of a table as the schema of its columns has it. */
const rowsOf = <T>(columns: readonly Column<T>[], rows: readonly T[]) =>
  rows.map((row) => record(columns, row)) as never[];

const description = `Every observation with the position within the half-power beam, or the extent asked for, with the time in
and out of the beam, which drifts across the position unless the telescope tracks; totals by UTC day and by dwell at a
declination; the next pass if the telescope does not move. The command \`observed\` also counts the sub-bands on disk, which may be out of this server’s reach.`;

/** 40 MB of JSON. A source is in a beam three times a day. */
const MAX_SIGHTINGS = 100_000;

export const observedRoute = heavyRoute({
  heavy: 'whole',
  path: '/api/pointing/observed',
  name: 'findObserved',
  tag: 'Pointing',
  summary: 'When a position was in the beam, and in which files',
  description,
  query: ObservedQuery,
  answer: Observed,
  // The next pass depends on the time as well.
  validity: 'no-cache',
  async respond(query, context) {
    const source = sourceOf(query);
    if (query.radius_deg !== undefined && query.response !== undefined)
      throw new BadParameter('response', 'give radius_deg or response, not both');
    const { start, end } = span(query);
    const extent = { radiusDeg: query.radius_deg, response: query.response };
    return answerOf(context, source, { fromMjdUtc: start, toMjdUtc: end }, extent);
  },
});

/** When a source was in the beam, as the route answers it. */
export async function answerOf(
  context: HeavyContext,
  source: Source,
  range: TimeRange,
  extent: Extent,
): Promise<ObservedAnswer> {
  const now = nowMjdUtc();
  const instruments = await context.instruments.read();
  const options = { ...extent, instruments };
  const { position, days, dwells, sightings } = await atMost(MAX_SIGHTINGS, (max) =>
    observedOf(context.reader, source, range, now, options, max),
  );
  const newest = await newestOf(context.reader, instruments);
  const instrument = instruments.ofNewest(newest);
  return {
    radius_deg: extentDeg(extent, beamOf(instrument)),
    position: record(positionColumns, position) as never,
    days: rowsOf(dayColumns, days),
    dwells: rowsOf(dwellColumns, dwells),
    items: rowsOf(sightingColumns, sightings),
  };
}

async function atMost<T>(max: number, work: (max: number) => Promise<T>): Promise<T> {
  try {
    return await work(max);
  } catch (error) {
    if (!(error instanceof TooManySightings)) throw error;
    throw new BadParameter(
      'start_mjd',
      `the position was in the beam in more than ${max} observations: give a shorter range of times or a smaller extent`,
    );
  }
}

function sourceOf({ name, ra, dec }: { name?: string; ra?: number; dec?: number }): Source {
  if (name === undefined) {
    if (ra === undefined) throw new BadParameter('ra', 'give ra and dec, or name');
    if (dec === undefined) throw new BadParameter('dec', 'give ra and dec');
    return { name: `${ra}${dec < 0 ? '' : '+'}${dec}`, raIcrsDeg: degrees(ra), decIcrsDeg: degrees(dec) };
  }
  if (ra !== undefined || dec !== undefined) throw new BadParameter('name', 'give name or ra and dec');
  const [found, other] = sourcesNamed(name);
  if (!found) throw new BadParameter('name', `no source named ${name}: give ra and dec`);
  if (other) throw new BadParameter('name', `two calibrators are named ${name}: give ra and dec`);
  return found;
}
