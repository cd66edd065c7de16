import { type Static, Type } from 'typebox';
import { gaps } from '../../sky/gaps.js';
import { query, Span, span } from '../parameters.js';
import { Mjd } from '../quantities.js';
import { route } from '../route.js';

const DEFAULT_MINUTES = 30;

const Gaps = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        from_mjd: Mjd('End of the observation before, MJD UTC'),
        to_mjd: Mjd('Start of the observation after, MJD UTC'),
        minutes: Type.Number(),
      }),
    ),
  },
  { title: 'Gaps', description: 'Oldest first' },
);
export type GapsAnswer = Static<typeof Gaps>;

export const gapsRoute = route({
  path: '/api/pointing/gaps',
  name: 'listGaps',
  tag: 'Pointing',
  summary: 'Times without an observation',
  query: query({
    ...Span,
    longer_than_minutes: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1e7,
        default: DEFAULT_MINUTES,
        description: 'Shorter ones are left out',
      }),
    ),
  }),
  answer: Gaps,
  validity: 'history',
  async respond({ longer_than_minutes = DEFAULT_MINUTES, ...range }, { reader }) {
    const { start, end } = span(range);
    const found = await gaps(reader.history(start, end), longer_than_minutes);
    return {
      items: found.map(({ fromMjdUtc, toMjdUtc, minutes }) => ({
        from_mjd: fromMjdUtc,
        to_mjd: toMjdUtc,
        minutes,
      })),
    };
  },
});
