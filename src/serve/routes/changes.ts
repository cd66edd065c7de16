import { type Static, Type } from 'typebox';
import { DEFAULT_JUMP_DEG, declinationChanges } from '../../sky/declination-changes.js';
import { degrees, isoOfMjdUtc } from '../../units.js';
import { query, Span, span } from '../parameters.js';
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
      }),
    ),
  },
  { title: 'Changes', description: 'Oldest first' },
);
export type ChangesAnswer = Static<typeof Changes>;

export const changesRoute = route({
  path: '/api/pointing/changes',
  name: 'listDeclinationChanges',
  tag: 'Pointing',
  summary: 'Changes of declination',
  query: query({
    ...Span,
    threshold_deg: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 180,
        default: DEFAULT_JUMP_DEG,
        description: 'The smallest change that counts',
      }),
    ),
  }),
  answer: Changes,
  validity: 'history',
  async respond({ threshold_deg = DEFAULT_JUMP_DEG, ...range }, { reader }) {
    const { start, end } = span(range);
    const items = [];
    for await (const change of declinationChanges(reader.history(start, end), degrees(threshold_deg))) {
      const { mjd, fromDeg, toDeg } = change;
      items.push({ mjd, time_iso: isoOfMjdUtc(mjd), from_deg: fromDeg, to_deg: toDeg });
    }
    return { items };
  },
});
