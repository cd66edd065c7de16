import { Type } from 'typebox';
import { gaps } from '../../sky/gaps.js';
import type { ServeContext } from '../context.js';
import { clientIsFresh } from '../freshness.js';
import { Span, span } from '../parameters.js';
import type { App } from '../server.js';

const DEFAULT_MINUTES = 30;

const GapsQuery = Type.Object(
  {
    ...Span,
    longer_than_minutes: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1e7,
        default: DEFAULT_MINUTES,
        description: 'Shorter ones are left out',
      }),
    ),
  },
  { additionalProperties: false },
);

export const GapsSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        from_mjd: Type.Number({ description: 'End of the observation before, MJD UTC' }),
        to_mjd: Type.Number({ description: 'Start of the observation after, MJD UTC' }),
        minutes: Type.Number(),
      }),
    ),
  },
  { title: 'Gaps' },
);

export function gapsRoute(app: App, { reader }: ServeContext): void {
  app.get(
    '/api/pointing/gaps',
    {
      schema: {
        summary: 'Times without an observation, oldest first',
        querystring: GapsQuery,
        response: { 200: GapsSchema },
      },
    },
    async (request, reply) => {
      const { start, end } = span(request.query);
      const { longer_than_minutes: longerThanMinutes = DEFAULT_MINUTES } = request.query;
      if (await clientIsFresh(request, reply, reader)) return reply;
      const found = await gaps(reader.history(start, end), longerThanMinutes);
      return {
        items: found.map(({ fromMjdUtc, toMjdUtc, minutes }) => ({
          from_mjd: fromMjdUtc as number,
          to_mjd: toMjdUtc as number,
          minutes,
        })),
      };
    },
  );
}
