import { command, off, reader, USAGE } from './common.js';

export const extract = command({
  name: 'extract',
  summary: 'Print where the telescope pointed in each file',
  description: ['Prints where the telescope pointed in each file, in the order given.'],
  positionals: {
    files: {
      kind: 'text',
      value: 'FILE',
      many: true,
      describe: 'UVH5 files',
      required: 'name at least one file',
      completes: 'file',
    },
  },
  flags: {
    json: off(
      'One JSON object per file',
      'Its keys are `path kind mjd ra_deg dec_deg ra_icrs_deg dec_icrs_deg ha_deg lst_deg n_times quality`, or `path error`.',
    ),
    reader,
  },
  examples: [['extract *_sb00.hdf5', 'one line per file']],
  exit: [[0, 'all files read'], [1, 'a file failed'], USAGE],
});
