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

export const transits = command({
  name: 'transits',
  summary: 'List meridian transits of a calibrator, or of all in the beam at the current declination',
  description: [
    'Lists meridian transits of a calibrator, or of all calibrators that pass through the beam at the current declination. Times are UTC. Calibrators come from the VLA list; the beam is the primary beam at half power.',
    'The current declination is that of the newest observation, also for times in the past: crossmatch lists the transits that were observed.',
  ],
  positionals: { name: sourceName },
  flags: {
    ...sourceFlags,
    ...timeFlags('the next 24 hours'),
    'at-dec-deg': {
      ...number('deg', -90, 90),
      describe: 'Without a name: apparent declination of the telescope',
      otherwise: 'the direction of the newest observation, with its hour angle',
    },
    'min-elevation-deg': {
      ...number('deg', -90, 90),
      default: 0,
      describe: 'Lowest useful elevation at transit',
    },
    'products-db': productsDbFlag('The database with the newest observation.'),
    ...instrumentFlags,
    json: off('One JSON object per transit'),
  },
  examples: [
    ['transits 3C286 --days-ahead 3', 'one source, the next three days'],
    ['transits --at-dec-deg 54.6', 'all that pass through the beam in the next 24 h'],
  ],
  exit: [[0, 'done'], USAGE],
});
