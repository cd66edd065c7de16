import { Type } from 'typebox';
import type { HistoryRow } from '../../store/store.js';
import type { ServeContext } from '../context.js';
import { clientIsFresh } from '../freshness.js';
import { Span, span } from '../parameters.js';
import type { App } from '../server.js';
import { icrsOfRows } from '../sky.js';
import { batched, streamOf } from '../streaming.js';

const ROWS_PER_PIECE = 2000;
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
      return reply.send(await streamOf(packed(reader.history(start, end))));
    },
  );
}

async function* packed(rows: AsyncIterable<HistoryRow>): AsyncGenerator<Uint8Array> {
  for await (const batch of batched(rows, ROWS_PER_PIECE)) {
    const { raIcrsDeg, decIcrsDeg } = icrsOfRows(batch);
    const piece = new DataView(new ArrayBuffer(batch.length * COLUMNS * 8));
    batch.forEach(({ timestamp, ra_deg, dec_deg }, i) => {
      const row = [timestamp, ra_deg, dec_deg, raIcrsDeg[i] as number, decIcrsDeg[i] as number];
      row.forEach((value, column) => {
        piece.setFloat64((i * COLUMNS + column) * 8, value, true);
      });
    });
    yield new Uint8Array(piece.buffer);
  }
}
