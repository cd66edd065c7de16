import { logFlags, watchDir } from './common.js';
import type { Value, Variable } from './types.js';

/** What each variable of the environment says. The names are those of the Python monitor's unit files. */
export const variables = {
  CONTIMG_INPUT_DIR: { ...watchDir, describe: 'The directory where files arrive' },
  PIPELINE_PRODUCTS_DB: {
    kind: 'text',
    value: 'DATABASE',
    describe: 'The products database: a file, or a postgresql:// URL',
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
} as const satisfies Record<Variable, Value>;
