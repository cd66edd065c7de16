import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { HistoryReader } from '../../store/reader.js';
import type { MjdUtc } from '../../units.js';
import type { ServeContext } from '../context.js';
import { clientIsFresh } from '../freshness.js';
import { csvOf, itemsOf, jsonOf, limited, thinned } from '../history-forms.js';
import { MAX_ROWS, Span, span } from '../parameters.js';
import type { App } from '../server.js';
import { streamOf } from '../streaming.js';

const HistoryQuery = Type.Object(
  {
    ...Span,
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_ROWS,
        default: MAX_ROWS,
        description: 'The most rows to give',
      }),
    ),
    time_interval_hours: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 87_660,
        description: 'At most one row in so many hours: the first',
      }),
    ),
    format: Type.Optional(
      Type.Union([Type.Literal('json'), Type.Literal('csv')], { description: 'Overrules the Accept header' }),
    ),
  },
  { additionalProperties: false },
);

export const HistorySchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        timestamp: Type.Number({ description: 'Mid time of the observation, MJD UTC' }),
        ra_deg: Type.Number({ description: 'Apparent, equinox of date' }),
        dec_deg: Type.Number({ description: 'Apparent, equinox of date' }),
      }),
    ),
  },
  { title: 'History', description: 'Oldest first' },
);

const description = `Oldest first, at most ${MAX_ROWS} rows. Where there are more, a \`Link\` header with \`rel="next"\`
says where they go on. CSV with \`format=csv\` or \`Accept: text/csv\`.`;

export function historyRoutes(app: App, { reader }: ServeContext): void {
  for (const prefix of ['/api', '']) {
    app.get(
      `${prefix}/pointing_history`,
      {
        schema: {
          summary: 'Where the telescope pointed',
          description,
          hide: prefix === '',
          querystring: HistoryQuery,
          response: { 200: HistorySchema },
        },
      },
      (request, reply) => answerHistory(request, reply, request.query, reader),
    );
  }
}

async function answerHistory(
  request: FastifyRequest,
  reply: FastifyReply,
  query: Static<typeof HistoryQuery>,
  reader: HistoryReader,
) {
  const { start, end } = span(query);
  const { limit = MAX_ROWS, time_interval_hours: intervalHours } = query;
  const csv =
    (query.format ?? (/\btext\/csv\b/.test(request.headers.accept ?? '') ? 'csv' : 'json')) === 'csv';
  reply.header('vary', 'accept');
  if (await clientIsFresh(request, reply, reader, csv ? 'c' : '')) return reply;
  const pages = () => {
    const all = reader.historyPages(start, end);
    return limited(intervalHours ? thinned(all, intervalHours) : all, limit);
  };
  if (!intervalHours) await linkToRest(request, reply, await reader.timestampAfter(start, end, limit));
  if (csv) {
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="pointing_history.csv"');
    return reply.send(await streamOf(csvOf(pages())));
  }
  reply.type('application/json; charset=utf-8');
  return reply.send(
    await streamOf(itemsOf(intervalHours ? jsonOf(pages()) : reader.historyJson(start, end, limit))),
  );
}

/** The rest of an answer that was cut begins with the first row left out. */
async function linkToRest(
  request: FastifyRequest,
  reply: FastifyReply,
  next: MjdUtc | undefined,
): Promise<void> {
  if (next === undefined) return;
  const url = new URL(request.url, 'http://any');
  url.searchParams.set('start_mjd', String(next));
  reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
}
