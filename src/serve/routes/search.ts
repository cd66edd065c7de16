import { type Static, Type } from 'typebox';
import { nameStamp } from '../../files.js';
import type { Source } from '../../sky/calibrators.js';
import { sourcesNamed } from '../../sky/named-sources.js';
import { parsePosition } from '../../sky/sky-position.js';
import {
  ALWAYS,
  MINUTES_PER_DAY,
  type MjdUtc,
  mjdUtc,
  mjdUtcOfDate,
  mjdUtcOfUnix,
  SECONDS_PER_DAY,
} from '../../units.js';
import { NotFound } from '../errors.js';
import { observationAt } from '../observation-at.js';
import { query } from '../parameters.js';
import { Mjd } from '../quantities.js';
import { type HeavyContext, heavyRoute } from '../route.js';
import { answerOf, Observed } from './observed.js';

const Search = Type.Union(
  [
    Type.Object({
      kind: Type.Literal('position', { description: 'A source or a position' }),
      observed: Observed,
    }),
    Type.Object({
      kind: Type.Literal('observation', { description: 'A file' }),
      mjd: Mjd('Mid time of its observation'),
    }),
    Type.Object({
      kind: Type.Literal('date'),
      start_mjd: Mjd('The first moment of the day, or the time'),
      end_mjd: Mjd('The last'),
    }),
  ],
  { title: 'Search' },
);
/** The answer of `/api/pointing/search`. */
export type SearchAnswer = Static<typeof Search>;

const description = `A calibrator (\`3C286\`) or a bright source (\`Cas A\`), an ICRS position (\`13:31:08 +30:30:33\`, or degrees), a
UTC date (\`2025-10-04\`, with or without a time), or a file by its path, or by a name that begins with its time. 404 for anything
else.`;

export const searchRoute = heavyRoute({
  heavy: 'whole',
  path: '/api/pointing/search',
  name: 'search',
  tag: 'Pointing',
  summary: 'What a search text refers to: a position, a date or a file',
  description,
  query: query({ q: Type.String({ minLength: 1, maxLength: 4096, description: 'What to look for' }) }),
  answer: Search,
  validity: 'no-cache',
  async respond({ q }, context) {
    const text = q.trim();
    const day = dateOf(text);
    if (day) return day;
    const source = sourceOf(text);
    if (source) return { kind: 'position', observed: await answerOf(context, source, ALWAYS, {}) } as const;
    const mjd = await timeOfFile(context, text);
    if (mjd !== undefined) return { kind: 'observation', mjd } as const;
    throw new NotFound(
      `“${text}” is no known source, position, date or file: try 3C286, 13:31:08 +30:30:33, 2025-10-04 or a file’s name`,
    );
  },
});

function sourceOf(text: string): Source | undefined {
  const position = parsePosition(text);
  if (position) return { name: text, ...position };
  const [found, other] = sourcesNamed(text);
  if (other) throw new NotFound(`two calibrators are named ${text}: search for a position`);
  return found;
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?)?Z?$/;
const MINUTE_DAYS = 1 / MINUTES_PER_DAY;

/** A whole day, or an hour either side of a time. */
function dateOf(text: string) {
  const [, day, time, seconds = '00'] = DATE.exec(text) ?? [];
  if (day === undefined) return undefined;
  const date = new Date(`${day}T${time ?? '00:00'}:${seconds}Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) return undefined;
  const mjd = mjdUtcOfDate(date);
  const [start, end] = time === undefined ? [mjd, mjd + 1] : [mjd - 60 * MINUTE_DAYS, mjd + 60 * MINUTE_DAYS];
  return { kind: 'date', start_mjd: mjdUtc(start), end_mjd: mjdUtc(end) } as const;
}

/** Each host names its file by its own clock. */
const NAMES_AGREE_WITHIN_DAYS = 1 / MINUTES_PER_DAY;

/** Any sub-band's name stands for the observation that began then, or else that was under way then. */
async function timeOfFile(context: HeavyContext, text: string): Promise<MjdUtc | undefined> {
  const known = await context.reader.timeOfFile(text);
  if (known !== undefined) return known;
  const stamp = nameStamp(text);
  if (stamp === undefined) return undefined;
  const named = mjdUtcOfUnix(stamp);
  const instruments = await context.instruments.read();
  const range = [
    mjdUtc(named - NAMES_AGREE_WITHIN_DAYS),
    mjdUtc(named + NAMES_AGREE_WITHIN_DAYS + instruments.longestSeconds / 2 / SECONDS_PER_DAY),
  ] as const;
  let nearest: { readonly timestamp: MjdUtc; readonly days: number } | undefined;
  for await (const page of context.reader.observationPages(...range)) {
    for (const row of page) {
      const start = row.timestamp - instruments.secondsOf(row) / 2 / SECONDS_PER_DAY;
      const days = Math.abs(start - named);
      if (days < (nearest?.days ?? NAMES_AGREE_WITHIN_DAYS)) nearest = { timestamp: row.timestamp, days };
    }
  }
  if (nearest) return nearest.timestamp;
  const halfDays = instruments.unknown.observationSeconds / 2 / SECONDS_PER_DAY;
  return observationAt(context, mjdUtc(named + halfDays));
}
