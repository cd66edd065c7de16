import { command, off, pattern, productsDb, USAGE, watchDir } from './common.js';

export const doctor = command({
  name: 'doctor',
  summary: 'Check the installation, the watched tree and the database',
  description: [
    'Checks the program, its tables, the directory, the database, the clock and the disk, and prints one line per check, with advice where something is wrong.',
  ],
  positionals: { watch_dir: watchDir, products_db: productsDb },
  flags: {
    pattern: { ...pattern, describe: 'Names of the files to count' },
    repair: off(
      'Back up the database, then correct the rows that the Python monitor stored with wrong times',
      "Run it as the database's owner: as root, it refuses to work in a directory where other users can write.",
    ),
    backup: {
      kind: 'text',
      value: 'FILE',
      describe: 'Where the backup goes',
      otherwise: 'beside the database, with the time in its name',
      completes: 'file',
    },
    json: off('One JSON object per check'),
  },
  examples: [['doctor --repair', 'after switching from the Python monitor']],
  exit: [[0, 'no check failed (warnings do not count)'], [1, 'a check failed'], USAGE],
});
