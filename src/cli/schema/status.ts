import { command, instrumentFlags, off, productsDb, statusFile } from './common.js';

export const status = command({
  name: 'status',
  summary: 'Report monitor health',
  description: ['Reports monitor health from its status file. A status older than 120 s is stale.'],
  positionals: { products_db: productsDb },
  flags: {
    'status-file': statusFile,
    all: off('Every host in the PostgreSQL database, the worst first'),
    watch: off('Show a live view in the terminal until q or Ctrl-C'),
    ...instrumentFlags,
    json: off('The status as one JSON object', 'With its age in seconds.'),
  },
  examples: [['status --json | jq .issues', 'current issues, for a program']],
  exit: [
    [0, 'healthy'],
    [1, 'unhealthy or stale'],
    [2, 'no monitor, or bad usage'],
  ],
});
