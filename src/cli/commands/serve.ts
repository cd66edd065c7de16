import { existsSync } from 'node:fs';
import { UsageError } from '../../errors.js';
import { ServiceManager } from '../../health/service-manager.js';
import { createLogger } from '../../log/logger.js';
import { standardError } from '../../log/sinks.js';
import { operatingSystem } from '../../native/process.js';
import { createServer } from '../../serve/server.js';
import { SharedStatusSource, StatusFileSource } from '../../serve/status-source.js';
import { isPostgres } from '../../store/location.js';
import { openReader } from '../../store/open.js';
import { seenFlag } from '../../store/sql-session.js';
import { type Environment, knownDatabaseMarks, requireProductsDb, statusFilePath } from '../config.js';
import { overridesOf } from '../instrument-flags.js';
import { print } from '../output.js';
import type { serve as schema } from '../schema/serve.js';
import type { Arguments } from '../schema/types.js';
import { shown } from '../schema/value.js';

export async function serve(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const { host, port } = args;
  const productsDb = requireProductsDb(args.products_db);
  // The history is read in such blocks, and bodies of answers are.
  operatingSystem().returnLargeBlocks();
  // Where a monitor of this host has stored rows, a missing file is not an empty history, also when the server starts without it.
  const isKnown = knownDatabaseMarks(environment, productsDb).some((mark) => existsSync(mark));
  const reader = await openReader(productsDb, { seen: seenFlag(isKnown) });
  const shared = isPostgres(productsDb) && args['status-file'] === undefined;
  const app = await createServer({
    productsDb,
    overrides: overridesOf(args, args.name),
    reader,
    status: shared
      ? new SharedStatusSource(reader)
      : new StatusFileSource(statusFilePath(args['status-file'], environment, productsDb)),
    log: createLogger(args['log-level'], standardError({ format: args['log-format'] })),
    // The name that it listens on is its own.
    allowHosts: [host, ...(args['allow-host'] ?? [])],
    allowOrigins: (args['allow-origin'] ?? []).map(originOf),
  });
  const address = await app.listen({ host, port }).catch((error) => {
    throw usageErrorOf(error, host, port);
  });
  await print(`${address}/`);
  const service = new ServiceManager();
  service.ready();
  service.status(`serving ${address}/`);
  const { aliveEverySeconds } = service;
  const alive =
    aliveEverySeconds === undefined
      ? undefined
      : setInterval(() => service.alive(), aliveEverySeconds * 1000).unref();
  await new Promise((stop) => process.once('SIGTERM', stop).once('SIGINT', stop));
  clearInterval(alive);
  service.stopping();
  await app.close();
}

/** An origin as browsers write it. Throws a UsageError for anything else. */
function originOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || url.origin === 'null' || url.href !== `${url.origin}/`)
    throw new UsageError(
      `--allow-origin ${shown(given)}: expected https://host or http://host:port, without a path`,
    );
  return url.origin;
}

function usageErrorOf(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UsageError(`port ${port} on ${host} is in use: choose another with --port`);
    case 'EACCES':
      return new UsageError(`this user cannot listen on port ${port}: choose 1024 or higher`);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'EAI_AGAIN':
    case 'ENOTFOUND':
      return new UsageError(`--host ${host}: this machine does not have that address`);
    default:
      return error;
  }
}
