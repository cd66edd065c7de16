import { basename, resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import { extractorDefaults } from '../../extract/extractor.js';
import { OVERDUE_INTERVALS } from '../../health/issues.js';
import { DatabaseProbe, type ExpectingHost } from '../../health/probe.js';
import { StatusPublisher } from '../../health/publisher.js';
import { ServiceManager } from '../../health/service-manager.js';
import { StatusWriter } from '../../health/status-writer.js';
import { Monitor } from '../../ingest/monitor.js';
import { LogFiles } from '../../log/log-files.js';
import { createLogger } from '../../log/logger.js';
import { standardError } from '../../log/sinks.js';
import { addon } from '../../native/addon.js';
import type { Pointing } from '../../native/outcome.js';
import { operatingSystem } from '../../native/process.js';
import { isPostgres, publicName } from '../../store/location.js';
import { openStore } from '../../store/open.js';
import { fixed, fixed360, isoOfMjdUtc, SECONDS_PER_DAY } from '../../units.js';
import { VERSION } from '../../version.js';
import { type Environment, knownDatabaseMarks, requireProductsDb, statusFilePath } from '../config.js';
import { overridesOf } from '../instrument-flags.js';
import { note, oneLine } from '../output.js';
import type { monitor as schema } from '../schema/monitor.js';
import type { Arguments } from '../schema/types.js';

/** Live files come a few at a time, and an idle worker costs memory. */
const LIVE = {
  workers: 1,
  filesAtOnce: 4,
  secondsPerFile: 10,
  hdf5: { ...extractorDefaults.hdf5, processes: 2 },
};
/** A service manager kills some time after it asks. */
const HARD_END_SECONDS = 12;

/** Where one host is silent, every host's files of the last days are looked at. */
const LOOK_BACK_DAYS = 2;

/** Undefined where nobody expects observations. */
function expectingHost(name: string, everySeconds: number | 'auto' | undefined): ExpectingHost | undefined {
  if (everySeconds === undefined) return undefined;
  const days = everySeconds === 'auto' ? 0 : (OVERDUE_INTERVALS * everySeconds) / SECONDS_PER_DAY;
  return { name, lookBackDays: Math.max(LOOK_BACK_DAYS, days) };
}

export async function monitor(args: Arguments<typeof schema>, environment: Environment): Promise<void> {
  const productsDb = requireProductsDb(args.products_db);
  const watchDir = resolve(args.watch_dir);
  const statusFile = statusFilePath(args['status-file'], environment, productsDb);
  if (args['max-backup-age'] !== undefined && isPostgres(productsDb))
    throw new UsageError(
      '--max-backup-age is for SQLite databases: watch the backups of PostgreSQL on its server',
    );
  // A restart by systemd would not repair a library: better the program does not start.
  addon();
  const format = args['log-format'];
  const stderr = standardError({ format });
  const files =
    args['log-file'] === undefined
      ? undefined
      : new LogFiles(resolve(args['log-file']), { format: format ?? 'words', fallback: stderr });
  const log = createLogger(args['log-level'], files ?? stderr);
  let end: (code: number) => void = process.exit;
  process.on('uncaughtException', (error) => {
    log.fatal(
      { err: error },
      'internal error; exiting. Nothing is lost: the next start reads what is missing',
    );
    end(1);
  });
  const service = new ServiceManager();
  // After a rotation. Without files and service manager it is the end of a terminal, and an orderly stop.
  const outlivesTerminal = files !== undefined || service.isThere;
  if (outlivesTerminal) process.on('SIGHUP', () => files?.reopen());
  const scanIntervalSeconds = args['reconcile-interval'];
  const store = await openStore(productsDb, {
    host: environment.host,
    lockWait: 'short',
    exclusive: true,
    create: args.create,
    marks: knownDatabaseMarks(environment, productsDb),
    onUnmarked: (problem) => log.warn(problem),
    onReplaced: (name) => pipeline.databaseReplaced(name),
  });
  const pipeline = new Monitor(
    {
      watch: {
        directory: watchDir,
        pattern: args.pattern,
        followLinks: args['follow-links'],
        events: args.events,
        scanIntervalSeconds,
      },
      extractor: { ...extractorDefaults, ...LIVE, root: args['follow-links'] ? undefined : watchDir },
      giveUpAfterSeconds: args['give-up-after'],
      ...(process.stderr.isTTY && !files && { onStored }),
    },
    store,
    log,
  );
  // A thread that waits for a dead file system must not keep the process: an ordinary exit would join it.
  end = (code) => (pipeline.hasHangingThreads ? operatingSystem().endProcess(code) : process.exit(code));
  const writer = new StatusWriter(
    {
      path: statusFile,
      settings: {
        host: environment.host,
        watchDir,
        pattern: args.pattern,
        productsDb: publicName(productsDb),
        events: args.events,
        scanIntervalSeconds,
        expectEverySeconds: args['expect-every'],
        maxBackupAgeSeconds: args['max-backup-age'],
      },
      logSeconds: args['health-check-interval'],
    },
    {
      ingest: () => pipeline.snapshot(),
      probe: new DatabaseProbe(
        store,
        overridesOf(args, args.name),
        isPostgres(productsDb) ? expectingHost(environment.host, args['expect-every']) : undefined,
      ),
      publisher: new StatusPublisher(store, log),
      service,
      log,
    },
  );

  log.info(
    { version: VERSION, watch_dir: watchDir, products_db: publicName(productsDb) },
    'pointing monitor starting',
  );
  pipeline.start();
  writer.start();
  service.ready();
  const signal = await stopSignal(outlivesTerminal ? ['SIGTERM', 'SIGINT'] : ['SIGTERM', 'SIGINT', 'SIGHUP']);
  service.stopping();
  log.info(`${signal}: finishing work in progress`);
  setTimeout(() => operatingSystem().endProcess(0), HARD_END_SECONDS * 1000).unref();
  await pipeline.stop();
  await writer.stop();
  await store.close();
  log.info('pointing monitor stopped');
  end(0);
}

/** A line for each observation, for a person who watches. */
function onStored(path: string, { midTimeMjdUtc, raDeg, decDeg }: Pointing): void {
  note(
    oneLine(
      `${isoOfMjdUtc(midTimeMjdUtc)}  RA ${fixed360(raDeg, 4).padStart(8)}  Dec ${fixed(decDeg, 4).padStart(8)}  ${basename(path)}`,
    ),
  );
}

/** A further signal changes nothing: the stop under way has its limit. */
const stopSignal = (signals: readonly NodeJS.Signals[]) =>
  new Promise<string>((stop) => {
    for (const signal of signals) process.on(signal, () => stop(signal));
  });
