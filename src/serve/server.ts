/**
 * The web server: what is stored, for people and programs, from a process that cannot disturb the monitor. It opens the
 * database read-only and reads the status file; nothing in a request reaches a file name or the text of a statement.
 */
import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from '../log/logger.js';
import type { HistoryReader } from '../store/history-reader.js';
import { ChangeFeed } from './change-feed.js';
import type { ServeContext } from './context.js';
import { answerError, answerNotFound, ErrorAnswer } from './errors.js';
import { describeApi } from './openapi.js';
import { servePage } from './page.js';
import { refuseInfinite } from './parameters.js';
import { calibratorRoutes } from './routes/calibrators.js';
import { coneRoutes } from './routes/cone.js';
import { coverageRoute } from './routes/coverage.js';
import { eventsRoute } from './routes/events.js';
import { failuresRoute } from './routes/failures.js';
import { gapsRoute } from './routes/gaps.js';
import { historyRoutes } from './routes/history.js';
import { metricsRoute } from './routes/metrics.js';
import { mocRoute } from './routes/moc.js';
import { observedRoute } from './routes/observed.js';
import { pointingRoutes } from './routes/pointing.js';
import { statusRoutes } from './routes/status.js';
import { trackRoute } from './routes/track.js';
import type { StatusSource } from './status-source.js';

export interface ServeOptions {
  readonly reader: HistoryReader;
  readonly status: StatusSource;
  readonly log: Logger;
}

export type App = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

const ABOUT_THE_MONITOR = /status|healthz|metrics|failures/;
/** Clients that may be connected at once; each takes some kilobytes. */
const MAX_CONNECTIONS = 1000;
/** Nothing here takes a body. */
const MAX_BODY_BYTES = 1024;
const REQUEST_SECONDS = 30;
const COMPRESS_FROM_BYTES = 2048;
/** Ten times as fast as gzip's usual level, for a tenth more bytes. */
const GZIP_LEVEL = 1;

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
export async function createServer({ reader, status, log }: ServeOptions): Promise<App> {
  const app: App = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_SECONDS * 1000,
    forceCloseConnections: true,
    frameworkErrors: answerError,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, allErrors: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = MAX_CONNECTIONS;

  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  // The page may be behind plain HTTP on an observatory's network: nothing here may demand HTTPS.
  await app.register(helmet, { contentSecurityPolicy, strictTransportSecurity: false });
  await app.register(compress, {
    threshold: COMPRESS_FROM_BYTES,
    encodings: ['gzip'],
    zlibOptions: { level: GZIP_LEVEL },
  });
  await describeApi(app);
  app.addHook('preHandler', async ({ query }) => refuseInfinite(query));
  app.addHook('onRoute', ({ schema, url }) => {
    if (schema) schema.tags = [ABOUT_THE_MONITOR.test(url) ? 'Monitor' : 'Pointing'];
    if (schema?.response && typeof schema.response === 'object') {
      Object.assign(schema.response, { '4xx': ErrorAnswer, '5xx': ErrorAnswer });
    }
  });

  const changeFeed = new ChangeFeed(reader, status, log);
  app.addHook('onClose', async () => {
    changeFeed.stop();
    await reader.close();
  });
  const context: ServeContext = { reader, status, changeFeed, log };
  for (const addTo of [
    statusRoutes,
    historyRoutes,
    pointingRoutes,
    trackRoute,
    coverageRoute,
    gapsRoute,
    observedRoute,
    coneRoutes,
    mocRoute,
    calibratorRoutes,
    failuresRoute,
    eventsRoute,
    metricsRoute,
  ]) {
    addTo(app, context);
  }
  await servePage(app);
  await app.ready();
  return app;
}
