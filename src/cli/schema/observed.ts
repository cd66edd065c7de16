import {
  CSV_TEXT,
  command,
  instrumentFlags,
  number,
  off,
  productsDbFlag,
  sourceFlags,
  sourceName,
  timeFlags,
  USAGE,
} from './common.js';

export const observed = command({
  name: 'observed',
  summary: 'List every file that had a position in the beam',
  description: [
    'Lists every file that had a given position in the beam, one per observation; the other sub-bands of an observation lie beside that file. Times are UTC. Where the telescope stands still, the sky drifts past, so a position enters and leaves the beam during a file.',
    'The beam is that of a uniformly lit dish, as wide as the files say (for the DSA-110 4.65 m at 1.4 GHz); its response is relative to the centre. Days are UTC days; a file counts for the day on which it first had the position in the beam.',
  ],
  positionals: { name: { ...sourceName, otherwise: 'the position given by flags' } },
  flags: {
    ra: sourceFlags.ra,
    dec: sourceFlags.dec,
    positions: {
      kind: 'text',
      value: 'FILE',
      describe: 'CSV file of many positions: columns ra and dec (ICRS, degrees) and name; - for stdin',
      completes: 'file',
    },
    'radius-deg': {
      ...number('deg', 0, 180),
      describe: 'Distance from the centre of the beam that counts as in the beam',
      otherwise: 'half power: 1.36 for the DSA-110',
    },
    response: {
      ...number('of the centre', 0, 1),
      describe:
        'Instead of a radius: where the main lobe falls to this power response, above 0 and below 1; for sidelobes use --radius-deg',
    },
    ...timeFlags('all stored pointings'),
    'products-db': productsDbFlag('The database with the history.'),
    by: {
      kind: 'choice',
      choices: ['observation', 'day', 'dwell', 'position'],
      default: 'observation',
      describe: 'What each row stands for',
    },
    ...instrumentFlags,
    json: off('One JSON object per row, positions last'),
    csv: off('CSV', CSV_TEXT),
    votable: off('An IVOA VOTable'),
  },
  examples: [
    ['observed 3C286 --from -30d', 'files of the last 30 days with 3C 286 in the beam'],
    ['observed --ra 251.0 --dec 54.7 --by day --csv', 'exposure on each day'],
    ['observed --positions frbs.csv --by position', 'totals of many positions'],
  ],
  exit: [[0, 'done'], USAGE],
});
