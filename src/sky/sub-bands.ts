import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nameStamp, SUB_BAND, SUB_BANDS } from '../files.js';
import { kept } from '../maps.js';
import { lookAtPaths } from '../native/scanner.js';
import { isoOfUnix, unixSeconds } from '../units.js';
import { firstFrom } from './sorted.js';

/** Each host names its file by its own clock; observations follow each other every 309 s. */
const NAMES_AGREE_WITHIN_SECONDS = 60;

interface NamedFile {
  readonly stamp: number;
  readonly subBand: number;
}

/** Counts the sub-bands of observations that lie on disk. Reads each directory once. */
export class SubBandCounter {
  readonly #directories = new Map<string, Promise<readonly NamedFile[]>>();

  /**
   * How many of the 16 lie beside a sub-band's file, by names within 60 s of its own. 0 where they have gone; null where the file is
   * unknown, or not named as one of them.
   */
  async besides(path: string | null): Promise<number | null> {
    const stamp = path !== null && SUB_BAND.test(path) ? nameStamp(path) : undefined;
    if (path === null || stamp === undefined) return null;
    const files = await kept(this.#directories, dirname(path), list);
    const found = new Set<number>();
    for (let i = firstFrom(files, stamp - NAMES_AGREE_WITHIN_SECONDS, stampOf); i < files.length; i++) {
      const file = files[i] as NamedFile;
      if (file.stamp > stamp + NAMES_AGREE_WITHIN_SECONDS) break;
      if (file.subBand < SUB_BANDS) found.add(file.subBand);
    }
    return found.size;
  }
}

/**
 * Which of the 16 sub-bands lie beside a sub-band's file. It asks for each by name, so that the cost does not grow with the
 * directory: first by the file's own name, then, where one is missing, by every name within 60 s. Empty where they have gone;
 * undefined where the file is not named as one of them.
 */
export async function subBandsBeside(path: string): Promise<number[] | undefined> {
  const stamp = nameStamp(path);
  if (stamp === undefined || !SUB_BAND.test(path)) return undefined;
  const directory = dirname(path);
  const all = Array.from({ length: SUB_BANDS }, (_, subBand) => subBand);
  const found = await existing(directory, all, [stamp]);
  const missing = all.filter((subBand) => !found.has(subBand));
  const others = Array.from(
    { length: 2 * NAMES_AGREE_WITHIN_SECONDS + 1 },
    (_, i) => stamp + i - NAMES_AGREE_WITHIN_SECONDS,
  );
  const late = missing.length > 0 ? await existing(directory, missing, others) : [];
  return [...found, ...late].sort((a, b) => a - b);
}

async function existing(
  directory: string,
  subBands: readonly number[],
  stamps: readonly number[],
): Promise<Set<number>> {
  const names = stamps.flatMap((stamp) => {
    const iso = isoOfUnix(unixSeconds(stamp)).slice(0, 19);
    return subBands.map((subBand) => ({
      subBand,
      name: `${iso}_sb${String(subBand).padStart(2, '0')}.hdf5`,
    }));
  });
  const looks = await lookAtPaths(
    names.map(({ name }) => join(directory, name)),
    directory,
    true,
  );
  return new Set(names.flatMap(({ subBand }, i) => (looks[i]?.kind === 'file' ? [subBand] : [])));
}

const stampOf = ({ stamp }: NamedFile) => stamp;

/** By stamp. Empty where the directory is gone or unreadable. */
async function list(directory: string): Promise<NamedFile[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .flatMap((name) => {
      const stamp = nameStamp(name);
      const subBand = SUB_BAND.exec(name)?.[1];
      return stamp === undefined || subBand === undefined ? [] : [{ stamp, subBand: Number(subBand) }];
    })
    .sort((a, b) => a.stamp - b.stamp);
}
