import { Type } from 'typebox';
import type { HistoryRow } from '../../store/rows.js';
import { query, Span, span } from '../parameters.js';
import { route } from '../route.js';
import { icrsOfRows } from '../sky.js';

const COLUMNS = 5;

const description = `For maps: five little-endian IEEE 754 doubles a row: timestamp (MJD UTC), apparent right
ascension and declination, ICRS right ascension and declination (degrees; NaN where they are unknown). Oldest first,
no heading, no limit.`;

export const trackRoute = route({
  path: '/api/pointing/track',
  name: 'getTrack',
  tag: 'Pointing',
  summary: 'The history with ICRS positions, in binary',
  description,
  query: query(Span),
  answer: Type.String({ format: 'binary' }),
  mediaTypes: ['application/octet-stream'],
  validity: 'history',
  respond(range, { reader }) {
    const { start, end } = span(range);
    return packed(reader.historyPages(start, end));
  },
});

async function* packed(pages: AsyncIterable<readonly HistoryRow[]>): AsyncGenerator<Uint8Array> {
  for await (const rows of pages) {
    const { raIcrsDeg, decIcrsDeg } = icrsOfRows(rows);
    // Little-endian, as every machine that Node.js runs on here.
    const piece = new Float64Array(rows.length * COLUMNS);
    rows.forEach(({ timestamp, ra_deg, dec_deg }, i) => {
      const at = i * COLUMNS;
      piece[at] = timestamp;
      piece[at + 1] = ra_deg;
      piece[at + 2] = dec_deg;
      piece[at + 3] = raIcrsDeg[i] as number;
      piece[at + 4] = decIcrsDeg[i] as number;
    });
    yield new Uint8Array(piece.buffer);
  }
}
