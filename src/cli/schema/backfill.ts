import {
  command,
  count,
  create,
  followLinks,
  jumpThreshold,
  off,
  pattern,
  productsDb,
  reader,
  USAGE,
  watchDir,
} from './common.js';

export const backfill = command({
  name: 'backfill',
  summary: 'Read a directory tree into the pointing history; safe to interrupt and repeat',
  description: [
    'Reads a directory tree and skips files that have not changed since the ledger recorded them. You can interrupt it, repeat it, and run it beside a monitor and other backfills.',
    'In a PostgreSQL database the files of a shard belong to the host "shared", unless PIPELINE_HOST names another, so no file is read twice whichever nodes run. To verify or retry them, set PIPELINE_HOST=shared.',
  ],
  positionals: { data_dir: { ...watchDir, describe: 'Tree of UVH5 files' }, products_db: productsDb },
  flags: {
    'start-date': {
      kind: 'time',
      describe: 'Start of the range, compared with the time in the file name',
      detail: 'A date or time, as for `history --from`.',
    },
    'end-date': { kind: 'time', describe: 'End of the range: a date (inclusive) or time' },
    'dry-run': off('Read the files but write nothing', 'Not even an empty database.'),
    force: off(
      'Also read files that the ledger already has',
      'For example after a refresh of the IERS table.',
    ),
    create,
    pattern,
    'follow-links': followLinks,
    reader,
    'files-at-once': {
      ...count('files', 1, 256),
      default: 16,
      describe: 'Files to read at once',
      detail:
        'Tuned to the disk, not to the number of cores: raise it for a parallel file system, use 1 or 2 for a single spinning disk.',
    },
    'jump-threshold-deg': jumpThreshold('Minimum change of declination to report'),
    shard: {
      kind: 'text',
      value: 'I/N',
      describe: 'Read only shard I of N; "auto" takes both from Slurm or Kubernetes',
      detail:
        "The shard of a file follows from a hash of the observation's name. `auto` is the task of a Slurm array or the index of a Kubernetes job; see [many-hosts.md](many-hosts.md).",
      otherwise: 'all files',
    },
    shards: {
      ...count('shards', 1, 100_000),
      describe: 'N, for --shard auto if the scheduler gives only the index',
      otherwise: 'the size of the Slurm array',
    },
    json: off('One JSON object per failed file, then the summary'),
  },
  examples: [['backfill --start-date 2025-10-01 --end-date 2025-10-23', 'three weeks, by file name']],
  exit: [
    [0, 'done, even if files failed (they are listed and recorded in the ledger)'],
    [1, 'a directory could not be read'],
    USAGE,
    [130, 'interrupted: run it again'],
  ],
});
