import { type TProperties, Type } from 'typebox';
import { mjdUtc } from '../units.js';

/** The most rows of one answer: two years of observations. A longer answer's `Link` header points to the rest. */
export const MAX_ROWS = 200_000;

/** A query of these parameters and no others. */
export const query = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

const mjd = (description: string) => Type.Optional(Type.Number({ minimum: -1e6, maximum: 1e6, description }));

/** A span of time, both ends included, unbounded where left out. */
export const Span = {
  start_mjd: mjd('First MJD UTC of interest, days'),
  end_mjd: mjd('Last MJD UTC of interest, days'),
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

/** The schema compiler lets `1e999` through as Infinity, whatever the bounds. */
export function refuseInfinite(query: unknown): void {
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new BadParameter(name, 'must be finite');
  }
}

const FIRST_MJD = mjdUtc(-1e6);
const LAST_MJD = mjdUtc(1e6);

export interface SpanQuery {
  readonly start_mjd?: number;
  readonly end_mjd?: number;
}

export function span({ start_mjd, end_mjd }: SpanQuery) {
  if (start_mjd !== undefined && end_mjd !== undefined && start_mjd > end_mjd) {
    throw new BadParameter('start_mjd', `${start_mjd} is after end_mjd ${end_mjd}`);
  }
  return {
    start: start_mjd === undefined ? FIRST_MJD : mjdUtc(start_mjd),
    end: end_mjd === undefined ? LAST_MJD : mjdUtc(end_mjd),
  };
}
