import {
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

export const crossmatch = command({
  name: 'crossmatch',
  summary: 'Find the file that was observing when a calibrator crossed the meridian',
  description: [
    'Finds the file that was observing when a calibrator crossed the meridian, for one calibrator or for all that were in the beam, and finally prints how many transits were observed.',
    'A transit counts as observed up to --time-pad-minutes before or after a file; "inside" says whether the file was being recorded at the transit, and "in_beam" of --json whether the source was within half power while it was.',
    'The column "others" counts further files of the same pass with the source in the half-power beam; `observed` lists them.',
  ],
  positionals: { name: sourceName },
  flags: {
    ...sourceFlags,
    ...timeFlags('the last 21 days'),
    'dec-tolerance-deg': {
      ...number('deg', 0, 180),
      default: 1.5,
      describe: 'Largest difference between source and telescope, in apparent declination',
    },
    'time-pad-minutes': {
      ...number('min', 0, 1440),
      default: 10,
      describe: 'Longest time between the transit and the start or end of the observation',
    },
    'products-db': productsDbFlag('The database with the history.'),
    missed: off('Also list transits that were not observed; with a NAME, --json always does'),
    store: off('Store in the table cal_transits each transit of a source that a file had in the beam'),
    ...instrumentFlags,
    json: off('One JSON object per transit'),
  },
  examples: [['crossmatch 3C286 --days-back 21', 'each observed transit in the last three weeks']],
  exit: [[0, 'done'], USAGE],
});
