import {
  command,
  instrumentFlags,
  jumpThreshold,
  number,
  off,
  productsDb,
  telescopeName,
  timeFlags,
  USAGE,
} from './common.js';

export const coverage = command({
  name: 'coverage',
  summary: 'Sum time on sky by declination and right ascension; list dwells and gaps',
  description: [
    'Sums time on sky by declination and right ascension, and lists dwells (stretches at one declination) and gaps. If the range has no end, gaps are listed up to now.',
    'Time on sky is that of the centre of the beam, in apparent coordinates; the half-power beam reaches further, 1.36 degrees for the DSA-110. --moc maps everything the beam covered; `observed` shows when a position was in it.',
  ],
  positionals: { products_db: productsDb },
  flags: {
    ...timeFlags('all stored pointings'),
    'dec-bin-deg': { ...number('deg', 0.01, 180), default: 1, describe: 'Width of a declination band' },
    'ra-bin-deg': { ...number('deg', 0.1, 360), default: 15, describe: 'Width of a right ascension bin' },
    'gap-minutes': { ...number('min', 0, 1e9), default: 30, describe: 'Minimum gap length' },
    'jump-threshold-deg': jumpThreshold('Minimum change of declination that ends a dwell'),
    csv: {
      kind: 'choice',
      choices: ['bands', 'dwells', 'gaps'],
      synonyms: { stays: 'dwells' },
      describe: 'Print one of the tables as CSV',
      detail: '`stays` is a deprecated name of `dwells`.',
    },
    svg: { kind: 'text', value: 'FILE', describe: 'Write a figure to this file', completes: 'file' },
    moc: {
      kind: 'text',
      value: 'FILE',
      describe: 'Write the coverage to this file (.fits or .json) as an IVOA MOC',
      detail: 'The sky within the half-power beam, for Aladin and other tools.',
      completes: 'file',
    },
    'moc-kind': {
      kind: 'choice',
      choices: ['space', 'time', 'space-time'],
      default: 'space',
      describe: 'What --moc maps: the sky seen, the times, or both',
      detail:
        'Time is TCB at the barycentre, order 31 (18 minutes, light travel time included); with space, order 28 (2.4 hours) and HEALPix order 6.',
    },
    instrument: {
      kind: 'text',
      value: 'NAME',
      describe: 'Only observations by the telescope with this name, if the history has several',
    },
    ...instrumentFlags,
    ...telescopeName,
    json: off('One JSON object per band, dwell and gap'),
  },
  examples: [
    ['coverage --days-back 30 --svg october.svg --moc october.fits', 'a figure and a MOC for Aladin'],
  ],
  exit: [[0, 'done'], USAGE],
});
