import type { CommandModule } from 'yargs';
import { UsageError } from '../../errors.js';
import { ServiceManager } from '../../health/service-manager.js';
import { createLogger } from '../../log/logger.js';
import { createServer } from '../../serve/server.js';
import { SharedStatusSource, StatusFileSource } from '../../serve/status-source.js';
import { isPostgres } from '../../store/location.js';
import { openReader } from '../../store/open.js';
import { productsDbOption, statusFileOption } from '../common-options.js';
import { type Environment, numberFlag, requireProductsDb, statusFilePath } from '../config.js';

interface Arguments {
  products_db: string | undefined;
  'status-file': string | undefined;
  host: string;
  port: number;
  'allow-host': string[];
  'allow-origin': string[];
}

export function serveCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'serve [products_db]',
    describe: 'Serve the page and the HTTP API, read-only',
    builder: (args) =>
      args
        .positional('products_db', productsDbOption)
        .option('status-file', statusFileOption)
        .option('host', {
          type: 'string',
          default: '127.0.0.1',
          describe: 'Address to listen on; anyone who reaches it can read the history',
        })
        .option('port', { type: 'number', default: 8000, describe: 'TCP port; 0 for any free one' })
        .option('allow-host', {
          type: 'string',
          array: true,
          default: [],
          describe: 'Another name of this server, as a proxy or a browser calls it',
        })
        .option('allow-origin', {
          type: 'string',
          array: true,
          default: [],
          describe: 'Site whose pages can read the API (https://host)',
        })
        .epilogue(
          'GET / is the page, /api describes every route, /metrics is for Prometheus. It runs until SIGTERM or SIGINT.\n\nExit: 0 stopped, 2 bad usage or a port that is in use.',
        ),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const { host } = args;
  const port = numberFlag(args.port, '--port', { least: 0, most: 65535 });
  const productsDb = requireProductsDb(args.products_db, environment);
  const reader = await openReader(productsDb);
  const shared = isPostgres(productsDb) && args['status-file'] === undefined;
  const app = await createServer({
    productsDb,
    reader,
    status: shared
      ? new SharedStatusSource(reader)
      : new StatusFileSource(statusFilePath(args['status-file'], environment, productsDb)),
    log: createLogger(environment.logLevel),
    // The name that it listens on is its own.
    allowHosts: [host, ...args['allow-host']],
    allowOrigins: args['allow-origin'].map(originOf),
  });
  const address = await app.listen({ host, port }).catch((error) => {
    throw usageErrorOf(error, host, port);
  });
  process.stdout.write(`${address}/\n`);
  const service = new ServiceManager();
  service.ready();
  service.status(`serves ${address}/`);
  const { aliveEverySeconds } = service;
  if (aliveEverySeconds !== undefined) setInterval(() => service.alive(), aliveEverySeconds * 1000).unref();
  await new Promise((stop) => process.once('SIGTERM', stop).once('SIGINT', stop));
  service.stopping();
  await app.close();
}

/** An origin as browsers write it. Throws a UsageError for what is none. */
function originOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || url.origin === 'null' || url.href !== `${url.origin}/`) {
    throw new UsageError(
      `--allow-origin ${given}: expected https://host or http://host:port, without a path`,
    );
  }
  return url.origin;
}

function usageErrorOf(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UsageError(`port ${port} of ${host} is in use: choose another with --port`);
    case 'EACCES':
      return new UsageError(`port ${port} may not be listened on by this user: choose one from 1024 on`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UsageError(`--host ${host}: this machine has no such address`);
    default:
      return error;
  }
}
