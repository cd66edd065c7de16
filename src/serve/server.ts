/**
 * The web server: what is stored, for people and programs, from a process that cannot disturb the monitor. It opens the
 * database read-only and reads the status file; nothing in a request reaches a file name or the text of a statement.
 */
import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import type { Logger } from '../log/logger.js';
import type { InstrumentOverrides } from '../sky/instruments.js';
import type { HistoryReader } from '../store/reader.js';
import type { App } from './app.js';
import { ChangeFeed } from './change-feed.js';
import { COMPRESS_FROM_BYTES, GZIP_LEVEL } from './compression.js';
import { answerError, answerNotFound } from './errors.js';
import { HeavyRoutes } from './heavy/heavy-routes.js';
import { openHistory } from './history/history.js';
import { InstrumentSource } from './instrument-source.js';
import { cutIdle, limitConnections } from './limits.js';
import { createMetrics } from './metrics.js';
import { describeApi } from './openapi.js';
import { guardOrigins, type Origins } from './origins.js';
import { servePage } from './page.js';
import { emptyBlanks, FIRST_MJD, LAST_MJD, refuseInfinite } from './parameters.js';
import { routes } from './routes/index.js';
import { addRoutes } from './routing.js';
import type { StatusSource } from './status-source.js';
import { SubBandSource } from './sub-bands.js';

export interface ServeOptions extends Origins {
  /** A path or a PostgreSQL URL. The heavy questions have a reader of their own. */
  readonly productsDb: string;
  /** What holds in place of what the files say of their instruments. */
  readonly overrides?: InstrumentOverrides;
  readonly reader: HistoryReader;
  readonly status: StatusSource;
  readonly log: Logger;
  readonly idleSeconds?: number;
}

/** Nothing here takes a body. */
const MAX_BODY_BYTES = 1024;
const REQUEST_SECONDS = 30;
/** A client that reads nothing of its answer for this long is cut off. */
const IDLE_SECONDS = 30;

const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** A server that is ready to listen, or to be asked without a socket. */
export async function createServer({
  productsDb,
  reader,
  status,
  log,
  overrides = {},
  idleSeconds = IDLE_SECONDS,
  ...origins
}: ServeOptions): Promise<App> {
  const app: App = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_SECONDS * 1000,
    forceCloseConnections: true,
    frameworkErrors: answerError,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, allErrors: false } },
  });
  limitConnections(app);
  cutIdle(app, idleSeconds);
  guardOrigins(app, origins);

  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  // The page may be behind plain HTTP on an observatory's network: nothing here may demand HTTPS.
  await app.register(helmet, {
    contentSecurityPolicy,
    strictTransportSecurity: false,
    frameguard: { action: 'deny' },
  });
  await app.register(compress, {
    threshold: COMPRESS_FROM_BYTES,
    encodings: ['gzip'],
    zlibOptions: { level: GZIP_LEVEL },
  });
  const instruments = new InstrumentSource(reader, overrides);
  await describeApi(app, instruments);
  app.addHook('preValidation', async ({ query }) => emptyBlanks(query));
  app.addHook('preHandler', async ({ query }) => refuseInfinite(query));
  const reportEnd = (error: Error) => log.error({ err: error }, 'a thread of the server ended');
  const history = openHistory(productsDb, overrides, reportEnd, reader.seen);
  const heavyRoutes = new HeavyRoutes(
    { location: productsDb, overrides, seen: reader.seen },
    () => reader.version(),
    reportEnd,
  );
  const sources = { reader, history, instruments, status };
  const changeFeed = new ChangeFeed(sources, (error) =>
    log.error({ err: error }, 'watching for changes failed'),
  );
  app.addHook('onClose', async () => {
    changeFeed.stop();
    await heavyRoutes.close();
    await history.close();
    await reader.close();
  });
  const context = { ...sources, changeFeed, subBands: new SubBandSource() };
  addRoutes(app, routes, { ...context, metrics: createMetrics(context) }, heavyRoutes);
  // The first client must not wait for the whole history to be read; an error is reported to the request that meets it.
  app.addHook('onListen', async () => {
    history.ask('outline', { start: FIRST_MJD, end: LAST_MJD, maxPoints: 10_000 }).catch(() => {});
  });
  await servePage(app);
  await app.ready();
  return app;
}
