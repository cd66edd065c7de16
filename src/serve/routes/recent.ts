import { type Static, Type } from 'typebox';
import type { HistoryRow } from '../../store/rows.js';
import { ALWAYS, mjdUtc } from '../../units.js';
import { observationOf, observationProperties } from '../observation.js';
import { OfTelescope, query } from '../parameters.js';
import { orNull } from '../quantities.js';
import { route } from '../route.js';
import { wholeRows } from '../whole-rows.js';

export const SubBands = orNull(
  Type.Array(Type.Integer({ minimum: 0, maximum: 15 })),
  'Of the 16 sub-bands, those that the server finds on disk; null where it cannot tell',
);
export const FilePath = orNull(Type.String(), 'The file of the row; null where it is not known');

const Recent = Type.Object(
  {
    items: Type.Array(Type.Object({ ...observationProperties, path: FilePath, sub_bands: SubBands })),
  },
  { title: 'Recent', description: 'Newest first' },
);
/** The answer of `/api/pointing/recent`. */
export type RecentAnswer = Static<typeof Recent>;

const DEFAULT_LIMIT = 8;
/** Less than between two rows, more than a double's precision. */
export const A_MOMENT_DAYS = 1e-9;

export const recentRoute = route({
  path: '/api/pointing/recent',
  name: 'listRecent',
  tag: 'Pointing',
  summary: 'The newest observations, with their files and sub-bands',
  query: query({
    ...OfTelescope,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: DEFAULT_LIMIT })),
  }),
  answer: Recent,
  validity: 'no-cache',
  async respond({ limit = DEFAULT_LIMIT, instrument }, context) {
    const { reader, subBands } = context;
    const excluded = await context.instruments.excludedBy(instrument);
    const instruments = await context.instruments.read();
    const rows: HistoryRow[] = [];
    const telescope = instrument === undefined ? undefined : instruments.named(instrument);
    for (let range = telescope ? instruments.timesOf(telescope) : ALWAYS; rows.length < limit; ) {
      const row = await reader.newest(range, excluded);
      if (!row) break;
      rows.push(row);
      range = { ...range, toMjdUtc: mjdUtc(row.timestamp - A_MOMENT_DAYS) };
    }
    const items = (await wholeRows(rows, context)).map(async (row) => ({
      ...observationOf(row, instruments),
      path: row.path,
      sub_bands: await subBands.besides(row.path),
    }));
    return { items: await Promise.all(items) };
  },
});
