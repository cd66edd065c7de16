import { command, off, productsDb, statusFile, USAGE } from './common.js';

export const maintenance = command({
  name: 'maintenance',
  summary: 'Silence alerts until a given time',
  description: [
    'Silences the Nagios check and the Prometheus alerts until a given time, and shows that in the status and on the page. Health is not affected: issues are still listed. It works whether or not the monitor runs, and ends by itself.',
    'Without --until or --end it shows whether alerts are silenced.',
  ],
  positionals: { products_db: productsDb },
  flags: {
    until: {
      kind: 'time',
      describe: 'When it ends, a week from now at the latest',
      detail: 'Such as `+2h` or `2026-01-02T03:04`, UTC. It replaces an earlier time.',
    },
    reason: {
      kind: 'text',
      value: 'TEXT',
      describe: 'What is being done, for the people who see it; required with --until',
    },
    end: off('End it now'),
    'status-file': { ...statusFile, describe: 'Status file of the monitor' },
    json: off('One JSON object'),
  },
  examples: [
    ['maintenance --until +2h --reason "new disk"', 'for two hours'],
    ['maintenance --end', 'done early'],
  ],
  exit: [[0, 'done'], [1, 'the note could not be written'], USAGE],
});
