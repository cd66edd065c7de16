import { errorCodes } from '../../errors.js';
import { command, off, productsDb, USAGE } from './common.js';

export const retry = command({
  name: 'retry',
  summary: "Re-queue failed files for the monitor's next scan or the next backfill",
  description: ['Re-queues failed files. It reads no files itself; the monitor or the next backfill does.'],
  positionals: { products_db: productsDb },
  flags: {
    code: { kind: 'choice', choices: errorCodes, describe: 'Only files that failed with this code' },
    path: {
      kind: 'text',
      value: 'PATH',
      many: true,
      describe: 'Only this file, or the files below this directory; may be repeated',
      completes: 'file',
    },
    json: off('The number of re-queued files as one JSON object'),
  },
  examples: [['retry --code crashed', 'for example after an update of the reader']],
  exit: [[0, 'done'], USAGE],
});
