import { Type } from 'typebox';
import { coverage } from '../../sky/coverage.js';
import type { ServeContext } from '../context.js';
import { clientIsFresh } from '../freshness.js';
import { Span, span } from '../parameters.js';
import type { App } from '../server.js';

const bin = (what: string) =>
  Type.Optional(Type.Number({ minimum: 0.1, maximum: 90, default: 1, description: `${what}, deg` }));

const CoverageQuery = Type.Object(
  {
    ...Span,
    dec_bin_deg: bin('Height of a declination band'),
    ra_bin_deg: bin('Width of a right ascension bin'),
  },
  { additionalProperties: false },
);

export const CoverageSchema = Type.Object(
  {
    frame: Type.Literal('apparent', { description: 'Right ascension and declination are of date' }),
    dec_bin_deg: Type.Number(),
    ra_bin_deg: Type.Number(),
    bands: Type.Array(
      Type.Object({
        dec_min_deg: Type.Number(),
        dec_max_deg: Type.Number(),
        seconds: Type.Number({ description: 'Time on sky in this band' }),
        ra_bin_seconds: Type.Array(Type.Number(), {
          description: 'The same by right ascension; bin i begins at i bin widths',
        }),
      }),
    ),
  },
  { title: 'Coverage' },
);

export function coverageRoute(app: App, { reader }: ServeContext): void {
  app.get(
    '/api/pointing/coverage',
    {
      schema: {
        summary: 'Time on sky by declination band and right ascension',
        querystring: CoverageQuery,
        response: { 200: CoverageSchema },
      },
    },
    async (request, reply) => {
      const { start, end } = span(request.query);
      const { dec_bin_deg: decBinDeg = 1, ra_bin_deg: raBinDeg = 1 } = request.query;
      if (await clientIsFresh(request, reply, reader)) return reply;
      const { bands } = await coverage(reader.history(start, end), { decBinDeg, raBinDeg });
      return {
        frame: 'apparent' as const,
        dec_bin_deg: decBinDeg,
        ra_bin_deg: raBinDeg,
        bands: bands.map(({ decMinDeg, decMaxDeg, seconds, raBinSeconds }) => ({
          dec_min_deg: decMinDeg,
          dec_max_deg: decMaxDeg,
          seconds,
          ra_bin_seconds: [...raBinSeconds],
        })),
      };
    },
  );
}
