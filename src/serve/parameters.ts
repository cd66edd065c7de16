import { type Static, type TObject, type TProperties, Type } from 'typebox';
import { mjdUtc } from '../units.js';
import type { Exchange } from './exchange.js';

/** The maximum number of rows in one answer: two years of observations. A longer answer's `Link` header points to the rest. */
export const MAX_ROWS = 200_000;

/** The maximum number of items in other lists. */
export const MAX_ITEMS = 20_000;
export const Limit = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_ITEMS,
    default: MAX_ITEMS,
    description: 'Maximum number of items. A `Link` header with `rel="next"` points to the rest',
  }),
);

/** A query of these parameters and no others. */
export const query = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

const mjd = (description: string) => Type.Optional(Type.Number({ minimum: -1e6, maximum: 1e6, description }));

/** A span of time, both ends included, unbounded where left out. */
export const Span = {
  start_mjd: mjd('Start of the range, MJD UTC; an observation counts by its mid time'),
  end_mjd: mjd('End of the range, MJD UTC, inclusive; an observation counts by its mid time'),
};

/** Keeps telescopes apart; their names are in the answers. */
export const OfTelescope = {
  instrument: Type.Optional(
    Type.String({ maxLength: 1000, description: 'Only observations by the telescope with this name' }),
  ),
};
export const Chosen = { ...Span, ...OfTelescope };

/** A telescope, where an answer is about one. */
export const OneTelescope = {
  instrument: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'Name of the telescope; default the one that observed last',
    }),
  ),
};

/** A parameter that a schema cannot refuse by itself. */
export class BadParameter extends Error {
  override readonly name = 'BadParameter';
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(`${parameter}: ${message}`);
    this.parameter = parameter;
  }
}

/** Empties blank values, in place: validation would take them for 0. */
export function emptyBlanks(query: unknown): void {
  const values = query as Record<string, unknown>;
  for (const [name, value] of Object.entries(values))
    if (typeof value === 'string' && value.trim() === '') values[name] = '';
}

/** The schema compiler lets `1e999` through as Infinity, whatever the bounds. */
export function refuseInfinite(query: unknown): void {
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new BadParameter(name, 'must be finite');
  }
}

export const FIRST_MJD = mjdUtc(-1e6);
export const LAST_MJD = mjdUtc(1e6);

/** What a query of `Chosen` says. */
export type ChosenQuery = Static<TObject<typeof Chosen>>;

/** The times that a query of `Span` means. Throws a BadParameter for a start after the end. */
export function span({ start_mjd, end_mjd }: Static<TObject<typeof Span>>) {
  if (start_mjd !== undefined && end_mjd !== undefined && start_mjd > end_mjd) {
    throw new BadParameter('start_mjd', `${start_mjd} is after end_mjd ${end_mjd}`);
  }
  return {
    start: start_mjd === undefined ? FIRST_MJD : mjdUtc(start_mjd),
    end: end_mjd === undefined ? LAST_MJD : mjdUtc(end_mjd),
  };
}

/** Points to the rest of an answer that was cut, by a `Link` header: it is the same question from this time on. */
export function linkToRest(
  { url, header }: Pick<Exchange, 'url' | 'header'>,
  nextMjd: number | undefined,
): void {
  if (nextMjd === undefined) return;
  const { searchParams } = new URL(url, 'http://any');
  searchParams.set('start_mjd', String(nextMjd));
  // Relative to the request, whose path is another before a proxy.
  header('link', `<?${searchParams}>; rel="next"`);
}
