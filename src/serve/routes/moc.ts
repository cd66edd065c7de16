import { Type } from 'typebox';
import { Footprint } from '../../sky/footprint.js';
import { mocJson, mocOf } from '../../sky/moc.js';
import { mocFits } from '../../sky/moc-fits.js';
import { feed } from '../../sky/observation-time.js';
import type { HistoryRow } from '../../store/store.js';
import type { ServeContext } from '../context.js';
import { clientIsFresh } from '../freshness.js';
import { Span, span } from '../parameters.js';
import type { App } from '../server.js';

const DEC_TOLERANCE_DEG = 0.1;

const MocQuery = Type.Object(
  {
    ...Span,
    dec_deg: Type.Optional(
      Type.Number({
        minimum: -90,
        maximum: 90,
        description: `Only observations within ${DEC_TOLERANCE_DEG} deg of this apparent declination`,
      }),
    ),
    format: Type.Optional(
      Type.Union([Type.Literal('fits'), Type.Literal('json')], {
        default: 'fits',
        description: 'fits or json',
      }),
    ),
  },
  { additionalProperties: false },
);

export function mocRoute(app: App, { reader }: ServeContext): void {
  app.get(
    '/api/pointing/moc',
    {
      schema: {
        summary: 'The sky seen within the half-power beam, as an IVOA MOC',
        description: 'Multi-Order Coverage map (IVOA MOC 2.0), ICRS, HEALPix order 8.',
        querystring: MocQuery,
        produces: ['application/fits', 'application/json'],
      },
    },
    async (request, reply) => {
      const { start, end } = span(request.query);
      const { dec_deg: decDeg, format = 'fits' } = request.query;
      if (await clientIsFresh(request, reply, reader)) return reply;
      const footprint = new Footprint();
      await feed(near(reader.historyPages(start, end), decDeg), [footprint]);
      const moc = mocOf(footprint.cells());
      if (format === 'json') return reply.type('application/json; charset=utf-8').send(mocJson(moc));
      return reply
        .type('application/fits')
        .header('content-disposition', 'attachment; filename="pointing.moc.fits"')
        .send(mocFits(moc));
    },
  );
}

async function* near(
  pages: AsyncIterable<readonly HistoryRow[]>,
  decDeg: number | undefined,
): AsyncGenerator<readonly HistoryRow[]> {
  for await (const rows of pages) {
    yield decDeg === undefined
      ? rows
      : rows.filter(({ dec_deg }) => Math.abs(dec_deg - decDeg) <= DEC_TOLERANCE_DEG);
  }
}
