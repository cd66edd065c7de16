import { command, followLinks, off, pattern, productsDb, statusFile, USAGE, watchDir } from './common.js';

export const verify = command({
  name: 'verify',
  summary: 'Compare the files on disk with the database, from scratch',
  description: [
    'Compares the files on disk with the database, from scratch. It reads only the directory and the ledger, and writes nothing.',
  ],
  positionals: { watch_dir: watchDir, products_db: productsDb },
  flags: {
    pattern: { ...pattern, describe: 'Names of the files to count' },
    'follow-links': followLinks,
    'status-file': {
      ...statusFile,
      describe: 'Status file of the monitor',
      detail: 'Files in the queue of a monitor that is healthy, or in its first scan, count as waiting.',
    },
    paths: off('Also list files that have a row'),
    json: off('One JSON object per file, then the counts'),
  },
  examples: [['verify --paths', 'every file with its state']],
  exit: [[0, 'every file is accounted for'], [1, 'a file is not'], USAGE],
});
