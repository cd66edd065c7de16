import { type Static, Type } from 'typebox';
import { Chosen, query } from '../parameters.js';
import { Angle, Mjd, orNull } from '../quantities.js';
import { route } from '../route.js';

const Calendar = Type.Object(
  {
    hour_of: Type.Union([Type.Literal('utc'), Type.Literal('lst')]),
    days: Type.Array(
      Type.Object({
        mjd: Mjd('First moment of the UTC day'),
        seconds: Type.Number({ description: 'Time on sky in the day' }),
        hour_seconds: Type.Array(Type.Number(), { description: 'The same by hour; 24 of them' }),
        hour_dec_deg: Type.Array(orNull(Angle()), {
          description:
            'Apparent declination of the last observation in each hour; null for an hour without any',
        }),
      }),
      { description: 'Oldest first; days without an observation are left out' },
    ),
  },
  { title: 'Calendar' },
);
/** The answer of `/api/pointing/calendar`. */
export type CalendarAnswer = Static<typeof Calendar>;

export const calendarRoute = route({
  path: '/api/pointing/calendar',
  name: 'getCalendar',
  tag: 'Pointing',
  summary: 'Time on sky and declination by day and hour',
  query: query({
    ...Chosen,
    hour_of: Type.Optional(
      Type.Union([Type.Literal('utc'), Type.Literal('lst')], {
        default: 'utc',
        description: 'utc, or lst: apparent sidereal time at each telescope. Days are UTC either way',
      }),
    ),
  }),
  answer: Calendar,
  validity: 'history',
  async respond({ hour_of: hourOf = 'utc', ...rows }, { history, instruments }, exchange) {
    return history.ask('calendar', { ...(await instruments.chosen(rows)), hourOf }, exchange);
  },
});
