import { SUB_BANDS } from '../../files.js';

/**
 * Globs of the files that need no events: where the pattern reads one sub-band, the others but one. That one tells that an
 * observation arrived whose own sub-band is missing. The watcher keeps 270 bytes of each file that it does not ignore.
 */
export function otherSubBands(pattern: string): string[] {
  const own = Number(/^\*_sb(\d\d)\.hdf5$/.exec(pattern)?.[1]);
  if (!(own < SUB_BANDS)) return [];
  const sibling = (own + 1) % SUB_BANDS;
  const others = Array.from({ length: SUB_BANDS }, (_, i) => i).filter((i) => i !== own && i !== sibling);
  return [`**/*_sb{${others.map((i) => String(i).padStart(2, '0')).join()}}.hdf5`];
}
