import { Type } from 'typebox';
import type { Choice } from '../history/block.js';
import type { History } from '../history/history.js';
import { Chosen, query } from '../parameters.js';
import { route } from '../route.js';

const MAX_POINTS = 50_000;

const description = `For maps: five little-endian IEEE 754 doubles per row: timestamp (MJD UTC), apparent right
ascension and declination, ICRS right ascension and declination (degrees; NaN where they are unknown). Oldest first,
no heading. Without \`max_points\` all rows, however many.`;

export const trackRoute = route({
  path: '/api/pointing/track',
  name: 'getTrack',
  tag: 'Pointing',
  summary: 'The history with ICRS positions, in binary',
  description,
  query: query({
    ...Chosen,
    max_points: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: MAX_POINTS,
        description:
          'At most this many rows, evenly chosen, with those before and after each move; the header `pointing-stride` gives the number of rows that one stands for',
      }),
    ),
  }),
  answer: Type.String({ format: 'binary' }),
  mediaTypes: ['application/octet-stream'],
  validity: 'history',
  async respond({ max_points: maxPoints, ...rows }, { history, instruments }, exchange) {
    const wanted = await instruments.chosen(rows);
    if (maxPoints === undefined) return whole(history, wanted);
    const outline = await history.ask('outline', { ...wanted, maxPoints }, exchange);
    exchange.header('pointing-rows', String(outline.rows));
    exchange.header('pointing-stride', String(outline.stride));
    return outline.body;
  },
});

/** Piece by piece, as the client takes them. */
async function* whole(history: History, wanted: Choice): AsyncGenerator<Uint8Array> {
  for (let after: number | undefined = Number.NEGATIVE_INFINITY; after !== undefined; ) {
    const piece: { body: Uint8Array; after?: number } = await history.ask('trackPiece', { ...wanted, after });
    if (piece.body.length > 0) yield piece.body;
    after = piece.after;
  }
}
