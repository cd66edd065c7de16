import { Type } from 'typebox';
import { DEFAULT_JUMP_DEG, declinationChanges } from '../../sky/declination-changes.js';
import { degrees, isoOfMjdUtc, mjdUtcOfUnix, unixOfMjdUtc, unixSeconds } from '../../units.js';
import type { ServeContext } from '../context.js';
import { clientIsFresh, untilChanged } from '../freshness.js';
import { ObservationSchema, observationOf } from '../observation.js';
import { Span, span } from '../parameters.js';
import type { App } from '../server.js';
import { siderealTimeDeg } from '../sky.js';

export const LatestSchema = Type.Object(
  {
    now: Type.Object({
      mjd: Type.Number({ description: 'The server’s clock, MJD UTC' }),
      lst_deg: Type.Number({ description: 'Local apparent sidereal time at the telescope' }),
    }),
    observation: Type.Union([
      Type.Object({
        ...ObservationSchema,
        age_seconds: Type.Number(),
        at_declination_since_mjd: Type.Number({
          description: `First observation since the declination last changed by more than ${DEFAULT_JUMP_DEG} deg`,
        }),
      }),
      Type.Null({ description: 'Nothing is stored yet' }),
    ]),
  },
  { title: 'Latest' },
);

const ChangesQuery = Type.Object(
  {
    ...Span,
    threshold_deg: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 180,
        default: DEFAULT_JUMP_DEG,
        description: 'The least change that counts',
      }),
    ),
  },
  { additionalProperties: false },
);

export const ChangesSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        mjd: Type.Number({ description: 'First observation at the new declination, MJD UTC' }),
        time_iso: Type.String(),
        from_deg: Type.Number({ description: 'Apparent declination' }),
        to_deg: Type.Number({ description: 'Apparent declination' }),
      }),
    ),
  },
  { title: 'Changes', description: 'Oldest first' },
);

const NoQuery = Type.Object({}, { additionalProperties: false });

export function pointingRoutes(app: App, { reader }: ServeContext): void {
  const latest = untilChanged(reader, async () => {
    const newest = await reader.newest();
    if (!newest) return undefined;
    const since = await reader.atDeclinationSince(newest, DEFAULT_JUMP_DEG);
    return { ...observationOf(newest), at_declination_since_mjd: since };
  });

  app.get(
    '/api/pointing/latest',
    {
      schema: {
        summary: 'Where the telescope points now',
        querystring: NoQuery,
        response: { 200: LatestSchema },
      },
    },
    async (_, reply) => {
      reply.header('cache-control', 'no-cache');
      const unixNow = unixSeconds(Date.now() / 1000);
      const mjd = mjdUtcOfUnix(unixNow);
      const now = { mjd, lst_deg: siderealTimeDeg(mjd) };
      const observation = await latest();
      if (!observation) return { now, observation: null };
      const age = unixNow - unixOfMjdUtc(observation.timestamp);
      return { now, observation: { ...observation, age_seconds: age } };
    },
  );

  app.get(
    '/api/pointing/changes',
    {
      schema: {
        summary: 'Changes of declination',
        querystring: ChangesQuery,
        response: { 200: ChangesSchema },
      },
    },
    async (request, reply) => {
      const { start, end } = span(request.query);
      if (await clientIsFresh(request, reply, reader)) return reply;
      const threshold = degrees(request.query.threshold_deg ?? DEFAULT_JUMP_DEG);
      const items = [];
      for await (const { mjd, fromDeg, toDeg } of declinationChanges(reader.history(start, end), threshold)) {
        items.push({ mjd, time_iso: isoOfMjdUtc(mjd), from_deg: fromDeg, to_deg: toDeg });
      }
      return { items };
    },
  );
}
