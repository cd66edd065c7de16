import { command, count, off, productsDb, statusFile, USAGE } from './common.js';

export const backup = command({
  name: 'backup',
  summary: 'Copy the SQLite database while it is in use, and verify the copy',
  description: [
    'Copies the SQLite database as it is at one moment, while other programs write to it. Verifies the integrity and the number of rows of the copy, then gives it its final name and the mode of the database, and records the time for the monitor.',
    'If TARGET is a directory, the copy is named after the database and the time. For PostgreSQL use pg_dump.',
  ],
  positionals: {
    target: {
      kind: 'text',
      value: 'TARGET',
      describe: 'The new file, or a directory',
      required: 'name a new file or a directory',
      completes: 'file',
    },
    products_db: productsDb,
  },
  flags: {
    keep: {
      ...count('backups', 1, 100000),
      describe: 'In a directory: keep this many of its backups and remove older ones',
      otherwise: 'all',
    },
    overwrite: off('Replace the file if it exists'),
    'status-file': { ...statusFile, describe: 'Status file of the monitor to notify' },
    json: off('One JSON object'),
  },
  examples: [['backup /mnt/backups --keep 14', 'as the timer does every day']],
  exit: [
    [0, 'done and verified'],
    [1, 'no backup was made, or it could not be recorded for the monitor'],
    USAGE,
  ],
});
