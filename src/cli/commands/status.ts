import type { CommandModule } from 'yargs';
import { UsageError } from '../../errors.js';
import { hostsOf, worstOf } from '../../health/hosts.js';
import type { Status } from '../../health/status.js';
import { readStatusFile } from '../../health/status-file.js';
import { escapeControls } from '../../log/plain-line.js';
import { isPostgres } from '../../store/location.js';
import { openReader } from '../../store/open.js';
import { productsDbOption, statusFileOption } from '../common-options.js';
import { type Environment, requireProductsDb, statusFilePath } from '../config.js';
import { hostTable } from '../host-table.js';

interface Arguments {
  products_db: string | undefined;
  all: boolean;
  'status-file': string | undefined;
  json: boolean;
}

const HEALTHY = 0;
const UNHEALTHY = 1;
const NO_MONITOR = 2;

export function statusCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'status [products_db]',
    describe: 'Say how the monitor is: exit 0 healthy, 1 unhealthy or stale, 2 no monitor',
    builder: (args) =>
      args
        .positional('products_db', productsDbOption)
        .option('status-file', statusFileOption)
        .option('all', {
          type: 'boolean',
          default: false,
          describe: 'Every host that writes to the PostgreSQL database, the worst first',
        })
        .option('json', { type: 'boolean', default: false, describe: 'The status as one JSON object' })
        .example('$0 status --json | jq .issues', 'what is wrong, for a program')
        .epilogue(
          'Exit: 0 healthy, 1 unhealthy or stale, 2 no monitor, or bad usage. A status older than 120 s is stale.',
        ),
    handler: async (args) => {
      if (args.all) return showAll(args, environment);
      const path = statusFilePath(
        args['status-file'],
        environment,
        args.products_db ?? environment.productsDb,
      );
      const reading = await readStatusFile(path);
      if (reading.error !== undefined) {
        if (args.json)
          process.stdout.write(
            `${JSON.stringify({ running: false, healthy: false, error: reading.error })}\n`,
          );
        else process.stderr.write(`${reading.error}\n`);
        process.exitCode = NO_MONITOR;
        return;
      }
      const { status, ageSeconds, stale } = reading;
      const healthy = status.healthy && !stale;
      process.exitCode = !status.running ? NO_MONITOR : healthy ? HEALTHY : UNHEALTHY;
      process.stdout.write(
        args.json
          ? `${JSON.stringify({ ...status, healthy, status_file_age_seconds: ageSeconds, stale })}\n`
          : describe(status, ageSeconds, stale),
      );
    },
  };
}

async function showAll({ products_db, json }: Arguments, environment: Environment): Promise<void> {
  const productsDb = requireProductsDb(products_db, environment);
  if (!isPostgres(productsDb)) {
    throw new UsageError('--all asks a PostgreSQL database; an SQLite file is of one host: leave --all out');
  }
  const reader = await openReader(productsDb);
  try {
    const hosts = worstOf(hostsOf(await reader.hostStatuses()))?.hosts ?? [];
    if (hosts.length === 0) process.stderr.write('no monitor has written its status into this database\n');
    else if (json) for (const host of hosts) process.stdout.write(`${JSON.stringify(host)}\n`);
    else process.stdout.write(hostTable(hosts));
    process.exitCode = hosts.every(({ running }) => !running)
      ? NO_MONITOR
      : hosts.every(({ healthy }) => healthy)
        ? HEALTHY
        : UNHEALTHY;
  } finally {
    await reader.close();
  }
}

function describe(status: Status, ageSeconds: number, stale: boolean): string {
  const { metrics, queue, reconciliation, newest_observation: newest } = status;
  const state = !status.running
    ? 'stopped'
    : stale
      ? 'not heard of'
      : status.healthy
        ? 'healthy'
        : 'UNHEALTHY';
  const lines: [string, string][] = [
    ['monitor', `${state}, status ${Math.round(ageSeconds)} s old (${status.timestamp_iso})`],
    ...status.issues.map((issue): [string, string] => ['issue', issue]),
    ['watches', status.watch_dir],
    ['database', status.products_db],
    ['files', `${metrics.files_succeeded} read, ${metrics.files_failed} failed, ${queue.depth} in the queue`],
  ];
  if (newest) {
    lines.push([
      'newest',
      `${newest.time_iso}  RA ${newest.ra_deg.toFixed(4)}  Dec ${newest.dec_deg.toFixed(4)} (apparent)`,
    ]);
  }
  if (reconciliation) {
    const { files_on_disk, with_row, waiting, failed, unaccounted } = reconciliation;
    lines.push([
      'on disk',
      `${files_on_disk} files: ${with_row} with a row, ${waiting} waiting, ${failed} failed, ${unaccounted} unaccounted for`,
    ]);
  }
  if (metrics.last_error_message) lines.push(['last error', metrics.last_error_message]);
  return lines.map(([name, value]) => `${name.padEnd(11)}${escapeControls(value)}\n`).join('');
}
