import { type Static, Type } from 'typebox';
import { DEFAULT_JUMP_DEG } from '../../sky/declination-changes.js';
import { Chosen, Limit, linkToRest, MAX_ITEMS, query } from '../parameters.js';
import { Angle, Mjd } from '../quantities.js';
import { route } from '../route.js';

const Changes = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        mjd: Mjd('First observation at the new declination, MJD UTC'),
        time_iso: Type.String(),
        from_deg: Angle('Apparent declination'),
        to_deg: Angle('Apparent declination'),
        instrument: Type.String({ description: 'The telescope’s name' }),
      }),
    ),
  },
  { title: 'Changes', description: 'Of each telescope by itself, oldest first' },
);
/** The answer of `/api/pointing/changes`. */
export type ChangesAnswer = Static<typeof Changes>;

export const changesRoute = route({
  path: '/api/pointing/changes',
  name: 'listDeclinationChanges',
  tag: 'Pointing',
  summary: 'Changes of declination',
  query: query({
    ...Chosen,
    threshold_deg: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 180,
        default: DEFAULT_JUMP_DEG,
        description: 'The smallest change that counts',
      }),
    ),
    limit: Limit,
  }),
  answer: Changes,
  validity: 'history',
  async respond(
    { threshold_deg: thresholdDeg = DEFAULT_JUMP_DEG, limit = MAX_ITEMS, ...rows },
    { history, instruments },
    exchange,
  ) {
    const question = { ...(await instruments.chosen(rows)), thresholdDeg, limit };
    const { body, nextMjd } = await history.ask('changes', question, exchange);
    linkToRest(exchange, nextMjd);
    return body;
  },
});
