import type { Static, TSchema } from 'typebox';
import type { HistoryReader } from '../store/reader.js';
import type { ChangeFeed } from './change-feed.js';
import type { Exchange } from './exchange.js';
import type { History } from './history/history.js';
import type { InstrumentSource } from './instrument-source.js';
import type { StatusSource } from './status-source.js';
import type { SubBandSource } from './sub-bands.js';

/** What routes read. None of it comes from a request. */
export interface RouteContext {
  readonly reader: HistoryReader;
  readonly history: History;
  readonly instruments: InstrumentSource;
  readonly status: StatusSource;
  readonly changeFeed: ChangeFeed;
  readonly subBands: SubBandSource;
  /** The text of `/metrics`. */
  readonly metrics: () => Promise<string>;
}

/** A body in bytes: whole, or in pieces that are made only as fast as the client takes them. */
export type Body = Uint8Array | AsyncIterable<string | Uint8Array>;

export const isPieces = (body: unknown): body is Exclude<Body, Uint8Array> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

/**
 * How long a client can keep an answer. One of the `history` or the `files` is current until these change; one of the
 * `history until now` for a minute at most.
 */
export type Validity =
  | 'history'
  | 'history until now'
  | 'files'
  | 'no-store'
  | 'no-cache'
  | 'public, max-age=3600';

/** One question that the server answers. The query and the answer are described once, by their schemas. */
export interface Route<
  Path extends string = string,
  Query extends TSchema = TSchema,
  Answer extends TSchema = TSchema,
> {
  readonly path: Path;
  /** Where else it is answered, for programs of the seed guide. */
  readonly alias?: string;
  /** `operationId` of the API description. */
  readonly name: string;
  readonly tag: 'Monitor' | 'Pointing';
  readonly summary: string;
  readonly description?: string;
  readonly query: Query;
  readonly answer: Answer;
  /** Statuses besides 200 that carry an `answer`. */
  readonly alsoWithStatus?: readonly number[];
  /** Media types of the body, the default one first. JSON where left out. */
  readonly mediaTypes?: readonly string[];
  /** The answer never ends. */
  readonly endless?: boolean;
  /**
   * Answered in another thread, from a HeavyContext and a HeavyExchange alone: a `whole` answer once for all who ask the same at the
   * same time, one in `pieces` as fast as its client takes it.
   */
  readonly heavy?: 'whole' | 'pieces';
  /** For probes, which must not wait until long answers have been compressed. */
  readonly uncompressed?: true;
  readonly validity: Validity;
  /** Instead of `validity`, where it depends on what is asked. */
  validityOf?(query: Static<Query>): Validity;
  respond(
    query: Static<Query>,
    context: RouteContext,
    exchange: Exchange,
  ): Promise<Static<Answer> | Body> | Static<Answer> | Body;
}

export type HeavyContext = Pick<RouteContext, 'reader' | 'instruments'>;
export type HeavyExchange = Pick<Exchange, 'url' | 'accept' | 'header'>;

/** One that is answered in another thread. */
export interface HeavyRoute<
  Path extends string = string,
  Query extends TSchema = TSchema,
  Answer extends TSchema = TSchema,
> extends Omit<Route<Path, Query, Answer>, 'respond'> {
  readonly heavy: 'whole' | 'pieces';
  respond(
    query: Static<Query>,
    context: HeavyContext,
    exchange: HeavyExchange,
  ): ReturnType<Route<Path, Query, Answer>['respond']>;
}

/** A route with its types inferred. */
export const route = <const Path extends string, Query extends TSchema, Answer extends TSchema>(
  definition: Route<Path, Query, Answer>,
): Route<Path, Query, Answer> => definition;

export const heavyRoute = <const Path extends string, Query extends TSchema, Answer extends TSchema>(
  definition: HeavyRoute<Path, Query, Answer>,
): HeavyRoute<Path, Query, Answer> => definition;
