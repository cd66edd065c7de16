import {
  CSV_TEXT,
  command,
  count,
  instrumentFlags,
  number,
  off,
  productsDb,
  telescopeName,
  timeFlags,
  USAGE,
} from './common.js';

export const history = command({
  name: 'history',
  summary: 'Print stored pointings, apparent and ICRS',
  description: [
    'Prints stored pointings, oldest first. RA and Dec are apparent, equinox of date; compare catalogue positions with the ICRS columns. Times are UTC.',
    'On a terminal the table shows the newest 50 rows, and --limit 0 shows all; otherwise all rows are printed.',
  ],
  positionals: { products_db: productsDb },
  flags: {
    ...timeFlags('all stored pointings'),
    'time-interval-hours': {
      ...number('h', 0, 1e6),
      default: 0,
      describe: 'Only the first row of each interval of this many hours, counted from MJD 0; 0 for all',
    },
    limit: {
      ...count('rows', 0, 1e9),
      describe: 'Print at most this many rows, the newest; 0 prints all',
      otherwise: '50 for a table on a terminal, else all',
    },
    format: {
      kind: 'choice',
      choices: ['table', 'json', 'csv', 'votable'],
      default: 'table',
      describe: 'Output format',
      detail: CSV_TEXT,
    },
    columns: {
      kind: 'text',
      value: 'LIST',
      describe: 'Column names, separated by commas',
      otherwise: 'timestamp,time_utc,ra_deg,dec_deg,ra_icrs_deg,dec_icrs_deg,ha_deg,path,quality',
      detail: 'Also `instrument`, `duration_s`, `min_frequency_hz` and `max_frequency_hz`.',
    },
    obsplan: off(
      'Columns of the IVOA table ivoa.obsplan (ObsLocTAP)',
      'As a VOTable, unless `--format` or `--json` names another format.',
    ),
    ...instrumentFlags,
    ...telescopeName,
    json: off('Same as --format json'),
  },
  examples: [
    ['history --from -1d', 'the last 24 hours'],
    ['history --from 2025-10-01 --format votable > october.vot', 'for TOPCAT and similar tools'],
  ],
  exit: [[0, 'done'], USAGE],
});
