import { Type } from 'typebox';
import type { HistoryRow } from '../../store/rows.js';
import type { ServeContext } from '../context.js';
import { clientIsFresh } from '../freshness.js';
import { Span, span } from '../parameters.js';
import type { App } from '../server.js';
import { icrsOfRows } from '../sky.js';
import { streamOf } from '../streaming.js';

const COLUMNS = 5;

const description = `For maps: five little-endian IEEE 754 doubles a row, in the order timestamp (MJD UTC), apparent right
ascension and declination, ICRS right ascension and declination (degrees; NaN where they cannot be told). Oldest first,
no heading, no limit.`;

export function trackRoute(app: App, { reader }: ServeContext): void {
  app.get(
    '/api/pointing/track',
    {
      schema: {
        summary: 'The history with ICRS positions, in binary',
        description,
        querystring: Type.Object(Span, { additionalProperties: false }),
        produces: ['application/octet-stream'],
      },
    },
    async (request, reply) => {
      const { start, end } = span(request.query);
      if (await clientIsFresh(request, reply, reader)) return reply;
      reply.type('application/octet-stream');
      return reply.send(await streamOf(packed(reader.historyPages(start, end))));
    },
  );
}

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
