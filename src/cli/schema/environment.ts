import { instrumentFlags, logFlags, pattern, telescopeName, watchDir } from './common.js';
import type { Value, Variable } from './types.js';

/** What each variable of the environment says. The names are those of the Python monitor's unit files. */
export const variables = {
  CONTIMG_INPUT_DIR: { ...watchDir, describe: 'The directory where files arrive' },
  PIPELINE_PRODUCTS_DB: {
    kind: 'text',
    value: 'DATABASE',
    describe: 'The products database: a file, or a postgresql:// URL',
  },
  PIPELINE_PATTERN: {
    ...pattern,
    describe: 'Names of the files to read or count',
    detail:
      'For the monitor, backfills, `verify` and `doctor` alike, so that they all mean the same files. A shell pattern that matches the whole name, without the directory; it can contain `*`, `?` and `[...]`, but no braces. Names that contain `_incomplete` are never read.',
  },
  PIPELINE_STATE_DIR: {
    kind: 'text',
    value: 'DIRECTORY',
    describe: 'Directory of the status file pointing-monitor-status.json',
    detail: 'Without it the status file goes beside the SQLite database.',
  },
  CONTIMG_LOG_LEVEL: logFlags['log-level'],
  CONTIMG_LOG_FORMAT: logFlags['log-format'],
  PIPELINE_HOST: {
    kind: 'text',
    value: 'NAME',
    describe: "This host's name in a database that several hosts share",
    detail: 'If you change it, all files count as unread again.',
    otherwise: "the system's",
  },
  PIPELINE_LONGITUDE: instrumentFlags.longitude,
  PIPELINE_LATITUDE: instrumentFlags.latitude,
  PIPELINE_HEIGHT: instrumentFlags.height,
  PIPELINE_DISH_M: instrumentFlags['dish-m'],
  PIPELINE_FREQUENCY_MHZ: instrumentFlags['frequency-mhz'],
  PIPELINE_TELESCOPE_NAME: telescopeName.name,
} as const satisfies Record<Variable, Value>;

/** What else the installed units read in contimg.env: default and meaning. */
export const unitVariables: Readonly<Record<string, readonly [otherwise: string, describe: string]>> = {
  POINTING_MONITOR_FLAGS: ['', 'Further flags of `monitor`, such as `--expect-every 309`.'],
  POINTING_API_PORT: ['8000', 'Port of `serve`, on the loopback interface.'],
  POINTING_API_FLAGS: [
    '',
    'Further flags of `serve`, such as `--allow-host pointing.example.org` behind a proxy on this host, but not `--host` or `--port`, which the unit sets.',
  ],
  POINTING_BACKUP_DIR: [
    '`backups` in the state directory',
    'Directory of the daily backups. After a change run `ops/install` again, which lets the unit write there.',
  ],
  POINTING_BACKUP_FLAGS: ['`--keep 14`', 'Further flags of `backup`.'],
  PGPASSFILE: [
    '`~/.pgpass`',
    'PostgreSQL password file, read by units and commands alike. So are `PGHOST`, `PGPORT`, `PGUSER`, `PGDATABASE`, `PGSERVICE`, `PGSSLMODE`, `PGSSLROOTCERT`, `PGSSLCERT`, `PGSSLKEY` and `PGOPTIONS`.',
  ],
};
