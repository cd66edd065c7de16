import { type Static, Type } from 'typebox';
import { BadParameter, Chosen, query } from '../parameters.js';
import { Angle } from '../quantities.js';
import { route } from '../route.js';

const bin = (what: string) =>
  Type.Optional(Type.Number({ minimum: 0.1, maximum: 90, default: 1, description: `${what}, deg` }));

const Coverage = Type.Object(
  {
    frame: Type.Literal('apparent', { description: 'Right ascension and declination are apparent, of date' }),
    dec_bin_deg: Type.Number(),
    ra_bin_deg: Type.Number(),
    bands: Type.Array(
      Type.Object({
        dec_min_deg: Angle(),
        dec_max_deg: Angle(),
        seconds: Type.Number({ description: 'Time on sky in this band' }),
        ra_bin_seconds: Type.Array(Type.Number(), {
          description: 'The same by right ascension; bin i starts at i bin widths',
        }),
        instrument: Type.String({ description: 'The telescope’s name' }),
      }),
      { description: 'By telescope, southernmost first; bands that were never observed are left out' },
    ),
  },
  { title: 'Coverage' },
);
/** The answer of `/api/pointing/coverage`. */
export type CoverageAnswer = Static<typeof Coverage>;

export const coverageRoute = route({
  path: '/api/pointing/coverage',
  name: 'getCoverage',
  tag: 'Pointing',
  summary: 'Time on sky by declination band and right ascension',
  query: query({
    ...Chosen,
    dec_bin_deg: bin('Height of a declination band'),
    ra_bin_deg: bin('Width of a right ascension bin'),
  }),
  answer: Coverage,
  validity: 'history',
  async respond(
    { dec_bin_deg: decBinDeg = 1, ra_bin_deg: raBinDeg = 1, ...rows },
    { history, instruments },
    exchange,
  ) {
    const question = { ...(await instruments.chosen(rows)), decBinDeg, raBinDeg };
    const reply = await history.ask('coverage', question, exchange);
    if ('body' in reply) return reply.body;
    throw new BadParameter('ra_bin_deg', 'the answer would be too long: choose wider bins or a shorter span');
  },
});
