import { type Static, Type } from 'typebox';
import { columnsNamed, historyColumns, needNoFile } from '../../sky/history/columns.js';
import { rowsFor } from '../../sky/history/rows.js';
import { thinned } from '../../sky/history/thinned.js';
import type { Instruments } from '../../sky/instruments.js';
import { csv, jsonItems } from '../../sky/table/text.js';
import { votable } from '../../sky/table/votable.js';
import { justBefore } from '../../units.js';
import { itemsOf, timestampAfter } from '../history-forms.js';
import { HistoryItem } from '../observation.js';
import { BadParameter, Chosen, linkToRest, MAX_ROWS, query, span } from '../parameters.js';
import { rowSchema } from '../quantities.js';
import { type HeavyExchange, heavyRoute } from '../route.js';

/** The answer of `/api/pointing_history` without `columns`. */
export interface PointingHistoryAnswer {
  items: PointingHistoryItem[];
}
/** A row of the history: mid time and apparent position, under the names that `pointing_history` has in the database. */
export type PointingHistoryItem = Static<typeof HistoryItem>;

const History = Type.Unsafe<PointingHistoryAnswer>(
  Type.Object(
    {
      items: Type.Array(
        Type.Union([
          HistoryItem,
          Type.Partial(rowSchema(historyColumns()), { description: 'With `columns`: those asked for' }),
        ]),
      ),
    },
    { title: 'History', description: 'Oldest first' },
  ),
);

const USUAL_COLUMNS = 'timestamp,ra_deg,dec_deg';
const FORMATS = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  votable: 'application/x-votable+xml',
} as const;
type Format = keyof typeof FORMATS;

const HistoryQuery = query({
  ...Chosen,
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_ROWS,
      default: MAX_ROWS,
      description: 'Maximum number of rows; rows stored in the meantime are returned in addition',
    }),
  ),
  all: Type.Optional(Type.Boolean({ description: 'With `true` all rows in one answer, whatever the limit' })),
  time_interval_hours: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 87_660,
      description: 'At most one row in each interval of this length: the first',
    }),
  ),
  columns: Type.Optional(
    Type.String({
      description: `Names separated by commas, of ${historyColumns()
        .map(({ name }) => name)
        .join(', ')}; default ${USUAL_COLUMNS}`,
    }),
  ),
  format: Type.Optional(
    Type.Enum(Object.keys(FORMATS) as Format[], { description: 'Overrides the Accept header' }),
  ),
});

export const historyRoute = heavyRoute({
  heavy: 'pieces',
  path: '/api/pointing_history',
  alias: '/pointing_history',
  name: 'listHistory',
  tag: 'Pointing',
  summary: 'Where the telescope pointed',
  description: `Oldest first, at most ${MAX_ROWS} rows. If there are more, a \`Link\` header with \`rel="next"\`
points to the rest, and a VOTable says \`OVERFLOW\`; with \`all=true\` the answer has them all. CSV and VOTable with \`format\` or the \`Accept\` header.`,
  query: HistoryQuery,
  answer: History,
  mediaTypes: Object.values(FORMATS),
  validity: 'history',
  validityOf: ({ columns = USUAL_COLUMNS }) => (needNoFile(columnsOf(columns)) ? 'history' : 'files'),
  async respond(query, { reader, instruments }, exchange) {
    const { start, end } = span(query);
    const { all, limit = MAX_ROWS, time_interval_hours: intervalHours } = query;
    const known = await instruments.read();
    const columns = columnsOf(query.columns ?? USUAL_COLUMNS, known);
    const excluded = await instruments.excludedBy(query.instrument);
    const rowAfterLimit = () =>
      intervalHours
        ? timestampAfter(thinned(reader.historyPages(start, end, excluded), intervalHours), limit)
        : reader.timestampAfter(start, end, limit, excluded);
    const next = all ? undefined : await rowAfterLimit();
    // Rows that are stored while the answer is read would push others past a count, and no link would lead to those.
    const last = next === undefined ? end : justBefore(next);
    const wanted = { fromMjdUtc: start, toMjdUtc: last, excluded };
    const pages = rowsFor(columns, reader, known.unknown.site, wanted, (rows) =>
      intervalHours ? thinned(rows, intervalHours) : rows,
    );
    linkToRest(exchange, next);
    const format = query.format ?? formatAccepted(exchange);
    exchange.header('content-type', FORMATS[format]);
    if (format === 'csv') {
      exchange.header('content-disposition', 'attachment; filename="pointing_history.csv"');
      return csv(columns, pages, '\r\n');
    }
    if (format === 'votable')
      return votable(
        {
          name: 'pointing_history',
          description: 'Where the telescope pointed',
          infos: [['QUERY_STATUS', 'OK']],
        },
        columns,
        pages,
        () => (next === undefined ? [] : [['QUERY_STATUS', 'OVERFLOW']]),
      );
    const simple = !intervalHours && query.columns === undefined;
    return itemsOf(simple ? reader.historyJson(start, last, excluded) : jsonItems(columns, pages));
  },
});

function columnsOf(names: string, instruments?: Instruments) {
  try {
    return columnsNamed(names, instruments);
  } catch (error) {
    if (error instanceof RangeError) throw new BadParameter('columns', error.message);
    throw error;
  }
}

const formatAccepted = ({ accept }: HeavyExchange): Format =>
  /\btext\/csv\b/.test(accept) ? 'csv' : /\bapplication\/x-votable\+xml\b/.test(accept) ? 'votable' : 'json';
