import { Type } from 'typebox';
import type { History } from '../history/history.js';
import { query, Span, span } from '../parameters.js';
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
    ...Span,
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
  async respond({ max_points: maxPoints, ...range }, { history }, { header, onLeave }) {
    const { start, end } = span(range);
    if (maxPoints === undefined) return whole(history, start, end);
    const { body, rows, stride } = await history.ask('outline', { start, end, maxPoints }, onLeave);
    header('pointing-rows', String(rows));
    header('pointing-stride', String(stride));
    return body;
  },
});

/** Piece by piece, as the client takes them. */
async function* whole(history: History, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let after: number | undefined = Number.NEGATIVE_INFINITY; after !== undefined; ) {
    const piece: { body: Uint8Array; after?: number } = await history.ask('trackPiece', {
      start,
      end,
      after,
    });
    if (piece.body.length > 0) yield piece.body;
    after = piece.after;
  }
}
