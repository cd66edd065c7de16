import { Type } from 'typebox';
import { Footprint } from '../../sky/footprint.js';
import { mocJson, mocOf } from '../../sky/moc.js';
import { mocFits } from '../../sky/moc-fits.js';
import { feed } from '../../sky/observation-time.js';
import type { HistoryRow } from '../../store/rows.js';
import { query, Span, span } from '../parameters.js';
import { route } from '../route.js';

const DEC_TOLERANCE_DEG = 0.1;
const FITS = 'application/fits';
const JSON_TYPE = 'application/json';

export const mocRoute = route({
  path: '/api/pointing/moc',
  name: 'getMoc',
  tag: 'Pointing',
  summary: 'The sky seen within the half-power beam, as an IVOA MOC',
  description: 'Multi-Order Coverage map (IVOA MOC 2.0), ICRS, HEALPix order 8.',
  query: query({
    ...Span,
    dec_deg: Type.Optional(
      Type.Number({
        minimum: -90,
        maximum: 90,
        description: `Only observations within ${DEC_TOLERANCE_DEG} deg of this apparent declination`,
      }),
    ),
    format: Type.Optional(Type.Enum(['fits', 'json'], { default: 'fits', description: 'fits or json' })),
  }),
  answer: Type.String({ format: 'binary' }),
  mediaTypes: [FITS, JSON_TYPE],
  validity: 'history',
  async respond({ dec_deg: decDeg, format = 'fits', ...range }, { reader }, { header }) {
    const { start, end } = span(range);
    const footprint = new Footprint();
    await feed(near(reader.historyPages(start, end), decDeg), [footprint]);
    const moc = mocOf(footprint.cells());
    if (format === 'json') {
      header('content-type', `${JSON_TYPE}; charset=utf-8`);
      return Buffer.from(mocJson(moc));
    }
    header('content-disposition', 'attachment; filename="pointing.moc.fits"');
    return mocFits(moc);
  },
});

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
