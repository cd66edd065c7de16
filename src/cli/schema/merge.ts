import { command, create, off, USAGE } from './common.js';

export const merge = command({
  name: 'merge',
  summary:
    'Copy rows from other databases into one and leave the sources unchanged; safe to interrupt and repeat',
  description: [
    'Copies rows from other databases into one, with SQLite or PostgreSQL on either side, and leaves the sources unchanged. You can interrupt and repeat it, and the order of the sources does not matter.',
    'If a file is in both, a row with a pointing beats a failure, and the later row wins. History rows without a file are added where no observation exists. In PostgreSQL, files from SQLite databases are assigned to PIPELINE_HOST.',
    "Rows with the Python monitor's wrong times are left out and counted, and so are files without their history row. Run doctor --repair on the Python monitor's database first and merge it last; read the files again with backfill --force.",
  ],
  positionals: {
    into: {
      kind: 'text',
      value: 'INTO',
      describe: 'SQLite database (created if missing) or postgresql:// URL',
      required: 'name the database to merge into, then those to merge from',
      completes: 'database',
    },
    from: {
      kind: 'text',
      value: 'FROM',
      many: true,
      describe: "SQLite databases or postgresql:// URLs, including the Python monitor's",
      required: 'name at least one database to merge from',
      completes: 'database',
    },
  },
  flags: { create, json: off('One JSON object per database') },
  examples: [['merge site.sqlite3 node*.sqlite3', 'the shards of a backfill']],
  exit: [
    [0, 'done'],
    [1, 'a database failed, or rows were left out that can be repaired or read again'],
    USAGE,
    [130, 'interrupted: run it again'],
  ],
});
