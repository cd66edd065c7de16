import { type Static, Type } from 'typebox';
import type { Exchange } from '../exchange.js';
import { csvOf, itemsOf, jsonOf, limited, thinned } from '../history-forms.js';
import { HistoryItem } from '../observation.js';
import { linkToRest, MAX_ROWS, query, Span, span } from '../parameters.js';
import { route } from '../route.js';

const History = Type.Object(
  { items: Type.Array(HistoryItem) },
  { title: 'History', description: 'Oldest first' },
);
/** The answer of `/api/pointing_history`. */
export type PointingHistoryAnswer = Static<typeof History>;
/** A row of the history: mid time and apparent position, under the names that `pointing_history` has in the database. */
export type PointingHistoryItem = Static<typeof HistoryItem>;

const HistoryQuery = query({
  ...Span,
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_ROWS, default: MAX_ROWS, description: 'Maximum number of rows' }),
  ),
  time_interval_hours: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 87_660,
      description: 'At most one row in each interval of this length: the first',
    }),
  ),
  format: Type.Optional(
    Type.Union([Type.Literal('json'), Type.Literal('csv')], { description: 'Overrides the Accept header' }),
  ),
});

export const historyRoute = route({
  path: '/api/pointing_history',
  alias: '/pointing_history',
  name: 'listHistory',
  tag: 'Pointing',
  summary: 'Where the telescope pointed',
  description: `Oldest first, at most ${MAX_ROWS} rows. If there are more, a \`Link\` header with \`rel="next"\`
points to the rest. CSV with \`format=csv\` or \`Accept: text/csv\`.`,
  query: HistoryQuery,
  answer: History,
  mediaTypes: ['application/json; charset=utf-8', 'text/csv; charset=utf-8'],
  validity: 'history',
  async respond(query, { reader }, exchange) {
    const { start, end } = span(query);
    const { limit = MAX_ROWS, time_interval_hours: intervalHours } = query;
    const pages = () => {
      const all = reader.historyPages(start, end);
      return limited(intervalHours ? thinned(all, intervalHours) : all, limit);
    };
    exchange.header('vary', 'accept');
    if (!intervalHours) linkToRest(exchange, await reader.timestampAfter(start, end, limit));
    if (isCsv(query, exchange)) {
      exchange.header('content-type', 'text/csv; charset=utf-8');
      exchange.header('content-disposition', 'attachment; filename="pointing_history.csv"');
      return csvOf(pages());
    }
    return itemsOf(intervalHours ? jsonOf(pages()) : reader.historyJson(start, end, limit));
  },
});

const isCsv = ({ format }: Static<typeof HistoryQuery>, { accept }: Exchange) =>
  (format ?? (/\btext\/csv\b/.test(accept) ? 'csv' : 'json')) === 'csv';
