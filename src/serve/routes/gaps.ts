import { type Static, Type } from 'typebox';
import { MINUTES_PER_DAY, nowMjdUtc } from '../../units.js';
import { Chosen, Limit, linkToRest, MAX_ITEMS, query } from '../parameters.js';
import { Mjd } from '../quantities.js';
import { route } from '../route.js';

const DEFAULT_MINUTES = 30;

const Gaps = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        from_mjd: Mjd('End of the previous observation, MJD UTC'),
        to_mjd: Mjd('Start of the next observation, MJD UTC'),
        minutes: Type.Number(),
        open_at_start: Type.Boolean({
          description: 'It begins with the span that was asked for, and may have begun earlier',
        }),
        open_at_end: Type.Boolean({
          description: 'It ends with the span that was asked for or now, and may go on',
        }),
      }),
    ),
  },
  {
    title: 'Gaps',
    description: 'Between start_mjd, or else the first observation, and end_mjd or now; oldest first',
  },
);
/** The answer of `/api/pointing/gaps`. */
export type GapsAnswer = Static<typeof Gaps>;

export const gapsRoute = route({
  path: '/api/pointing/gaps',
  name: 'listGaps',
  tag: 'Pointing',
  summary: 'Times without an observation',
  description: 'Of all telescopes together, unless `instrument` names one.',
  query: query({
    ...Chosen,
    longer_than_minutes: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1e7,
        default: DEFAULT_MINUTES,
        description: 'Minimum length of a gap',
      }),
    ),
    limit: Limit,
  }),
  answer: Gaps,
  validity: 'history until now',
  async respond(
    { longer_than_minutes: longerThanMinutes = DEFAULT_MINUTES, limit = MAX_ITEMS, ...rows },
    { history, instruments },
    exchange,
  ) {
    const { instrument } = await instruments.chosen(rows);
    const { start_mjd: start, end_mjd = Number.POSITIVE_INFINITY } = rows;
    const question = {
      ...(start !== undefined && { start }),
      end: Math.min(end_mjd, wholeMinuteMjd()),
      longerThanMinutes,
      limit,
      instrument,
    };
    const { body, nextMjd } = await history.ask('gaps', question, exchange);
    linkToRest(exchange, nextMjd);
    return body;
  },
});

/** Of now. An answer that depends on the time is the same for a minute. */
function wholeMinuteMjd(): number {
  const now = nowMjdUtc();
  return Math.floor(now * MINUTES_PER_DAY) / MINUTES_PER_DAY;
}
