import {
  command,
  create,
  followLinks,
  instrumentFlags,
  logFlags,
  number,
  pattern,
  productsDb,
  statusFile,
  telescopeName,
  USAGE,
  watchDir,
} from './common.js';

export const monitor = command({
  name: 'monitor',
  summary: 'Watch a directory and keep the pointing history',
  description: [
    'Watches a directory tree and keeps the history. It runs until it gets SIGTERM or SIGINT or its terminal closes, then finishes work in progress.',
    'Problems with the directory or the database do not stop it: the status reports them, and it continues as soon as it can. Neither has to exist when it starts.',
  ],
  positionals: { watch_dir: watchDir, products_db: productsDb },
  flags: {
    'status-file': {
      ...statusFile,
      detail: 'Written every 30 s, at every change of health and after every scan.',
    },
    'health-check-interval': {
      ...number('s', 1, 86400),
      default: 300,
      describe: 'Seconds between health lines in the log',
      detail: 'A change of health is always logged at once.',
    },
    ...logFlags,
    'log-file': {
      kind: 'text',
      value: 'FILE',
      describe: 'Log to this file, warnings and errors also to its .err',
      detail: 'Both are reopened on SIGHUP.',
      otherwise: 'stderr',
      completes: 'file',
    },
    create,
    pattern: {
      ...pattern,
      detail: 'All sub-bands share one pointing, so reading more of them costs time and gives the same rows.',
    },
    'follow-links': followLinks,
    events: {
      kind: 'switch',
      default: true,
      describe: 'Rely on scans alone, for network file systems',
      detail: 'A file then waits up to one `--reconcile-interval`.',
    },
    'reconcile-interval': {
      ...number('s', 1, 86400),
      default: 60,
      describe: 'Seconds between full scans',
      detail:
        'A scan compares the tree with the ledger; this is the longest that a file without an event waits. A scan of 140,000 entries takes 0.1 s of processor time.',
    },
    'give-up-after': {
      ...number('s', 0, 1e9),
      default: 3600,
      describe: 'Seconds to retry an incomplete or unreadable file after its last change',
      detail: 'A shorter time fails slow copies; they are still read when they change.',
    },
    ...instrumentFlags,
    ...telescopeName,
    'expect-every': {
      ...number('s', 1, 1e6),
      word: 'auto',
      describe: 'Seconds between observations; unhealthy after three intervals without one',
      detail:
        '`auto` is the median interval of the latest observations in the history, as soon as it has six. The interval of the DSA-110 is 309 s.',
    },
    'max-backup-age': {
      ...number('s', 60, 1e9),
      describe: 'Warn when the newest backup of the SQLite database is older than this',
      detail:
        '`pointing-monitor backup` records when it made one. With the daily timer, use two days: `172800`.',
    },
  },
  exit: [[0, 'stopped'], USAGE],
});
