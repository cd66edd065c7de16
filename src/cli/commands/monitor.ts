import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { extractorDefaults } from '../../extract/extractor.js';
import { DatabaseProbe } from '../../health/probe.js';
import { StatusPublisher } from '../../health/publisher.js';
import { ServiceManager } from '../../health/service-manager.js';
import { StatusWriter } from '../../health/status-writer.js';
import { Monitor } from '../../ingest/monitor.js';
import { parseLogLevel } from '../../log/levels.js';
import { LogFiles } from '../../log/log-files.js';
import { createLogger } from '../../log/logger.js';
import { operatingSystem } from '../../native/process.js';
import { publicName } from '../../store/location.js';
import { openStore } from '../../store/open.js';
import { VERSION } from '../../version.js';
import { patternOption, productsDbOption, statusFileOption, watchDirOption } from '../common-options.js';
import { type Environment, numberFlag, requireProductsDb, statusFilePath } from '../config.js';

interface Arguments {
  watch_dir: string;
  products_db: string | undefined;
  'status-file': string | undefined;
  'health-check-interval': number;
  'log-level': string;
  'log-file': string | undefined;
  pattern: string;
  events: boolean;
  'reconcile-interval': number;
  'give-up-after': number;
  'expect-every': number | undefined;
}

/** Live files come a few at a time, and an idle worker costs memory. */
const LIVE = {
  workers: 1,
  filesAtOnce: 4,
  secondsPerFile: 10,
  hdf5: { ...extractorDefaults.hdf5, processes: 2 },
};
/** A service manager kills some time after it asks. */
const HARD_END_SECONDS = 12;
/** The event loop stands still while a statement waits for a lock; the recorder tries again by itself. */
const BUSY_TIMEOUT_MS = 100;

export function monitorCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'monitor [watch_dir] [products_db]',
    describe: 'Watch a directory and keep the pointing history',
    builder: (args) =>
      args
        .positional('watch_dir', watchDirOption(environment))
        .positional('products_db', productsDbOption)
        .option('status-file', statusFileOption)
        .option('health-check-interval', {
          type: 'number',
          default: 300,
          describe: 'Seconds between health lines in the log',
        })
        .option('log-level', {
          type: 'string',
          default: environment.logLevel,
          describe: 'DEBUG, INFO, WARNING or ERROR',
        })
        .option('log-file', {
          type: 'string',
          describe: 'Log to this file and, warnings and errors, to its .err; SIGHUP opens them anew [stderr]',
        })
        .option('pattern', patternOption)
        .option('events', {
          type: 'boolean',
          default: true,
          describe: '--no-events: scan only, for network file systems',
        })
        .option('reconcile-interval', {
          type: 'number',
          default: 60,
          describe: 'Seconds between scans of the whole tree',
        })
        .option('give-up-after', {
          type: 'number',
          default: 3600,
          describe: 'Seconds to wait for a file to become whole',
        })
        .option('expect-every', {
          type: 'number',
          describe: 'Seconds between observations; unhealthy after three without one',
        })
        .epilogue(
          'It runs until SIGTERM, SIGINT or the end of its terminal, then finishes what is in hand. Trouble with the directory or the database does not end it: its status says what is wrong, and it goes on as soon as it can.\n\nExit: 0 stopped, 2 bad usage.',
        ),
    handler: (args) => run(args, environment),
  };
}

async function run(args: Arguments, environment: Environment): Promise<void> {
  const level = parseLogLevel(args['log-level']);
  const files = args['log-file'] === undefined ? undefined : new LogFiles(resolve(args['log-file']));
  const log = createLogger(level, files);
  process.on('uncaughtException', (error) => {
    log.fatal(
      { err: error },
      'internal error; exiting. Nothing is lost: the next start reads what is missing',
    );
    process.exit(1);
  });
  const service = new ServiceManager();
  // After a rotation. Without files and service manager it is the end of a terminal, and an orderly stop.
  const outlivesTerminal = files !== undefined || service.isThere;
  if (outlivesTerminal) process.on('SIGHUP', () => files?.reopen());
  const productsDb = requireProductsDb(args.products_db, environment);
  const watchDir = resolve(args.watch_dir);
  const reconcileIntervalSeconds = numberFlag(args['reconcile-interval'], '--reconcile-interval', {
    least: 1,
    most: 86400,
  });
  const expectEvery = args['expect-every'];
  const store = await openStore(productsDb, {
    host: environment.host,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    onReplaced: (path) => monitor.databaseReplaced(path),
  });
  const monitor = new Monitor(
    {
      watch: {
        directory: watchDir,
        pattern: args.pattern,
        followLinks: false,
        events: args.events,
        reconcileIntervalSeconds,
      },
      extractor: { ...extractorDefaults, ...LIVE },
      giveUpAfterSeconds: numberFlag(args['give-up-after'], '--give-up-after', { least: 0, most: 1e9 }),
    },
    store,
    log,
  );
  const writer = new StatusWriter(
    {
      path: statusFilePath(args['status-file'], environment, productsDb),
      settings: {
        host: environment.host,
        watchDir,
        productsDb: publicName(productsDb),
        events: args.events,
        reconcileIntervalSeconds,
        expectEverySeconds:
          expectEvery === undefined
            ? undefined
            : numberFlag(expectEvery, '--expect-every', { least: 1, most: 1e6 }),
      },
      logSeconds: numberFlag(args['health-check-interval'], '--health-check-interval', {
        least: 1,
        most: 86400,
      }),
    },
    {
      ingest: () => monitor.snapshot(),
      probe: new DatabaseProbe(store),
      publisher: new StatusPublisher(store, log),
      service,
      log,
    },
  );

  log.info(
    { version: VERSION, watch_dir: watchDir, products_db: publicName(productsDb) },
    'pointing monitor starts',
  );
  monitor.start();
  writer.start();
  service.ready();
  const signal = await stopSignal(outlivesTerminal ? ['SIGTERM', 'SIGINT'] : ['SIGTERM', 'SIGINT', 'SIGHUP']);
  service.stopping();
  log.info(`${signal}: finishing work in progress`);
  // A thread that waits for a dead file system must not keep the process: an ordinary exit would join it.
  setTimeout(() => operatingSystem().endProcess(0), HARD_END_SECONDS * 1000).unref();
  await monitor.stop();
  await writer.stop();
  await store.close();
  log.info('pointing monitor stopped');
  if (monitor.hasHangingThreads) operatingSystem().endProcess(0);
  process.exit(0);
}

const stopSignal = (signals: readonly NodeJS.Signals[]) =>
  new Promise<string>((stop) => {
    for (const signal of signals) process.once(signal, stop);
  });
