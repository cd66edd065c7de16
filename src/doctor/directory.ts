import { readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { countFiles, scan } from '../ingest/watch/listing.js';
import { counted } from '../units.js';
import { type Check, failed, ok, warning } from './check.js';
import { checkMonitor } from './monitor.js';
import { canAccess, service, whyHidden } from './service.js';

const SHOWN = 3;

/** Magic numbers of statfs(2) of file systems on which inotify says nothing of what other hosts do. */
const REMOTE_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
]);

/** The watched tree: whether the service can read it, the kernel can watch all of it, and what its monitor reports. */
export async function checkDirectory(directory: string, pattern: string): Promise<Check[]> {
  const name = 'watch directory';
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found) return [failed(name, `${directory} does not exist: create or mount it`)];
  if (!found.isDirectory()) return [failed(name, `${directory} is not a directory`)];
  const unit = service();
  if (!canAccess(directory, ['r', 'x'], unit)) {
    return [failed(name, `${unit?.user ?? 'this user'} cannot read ${directory}: check its owner and mode`)];
  }
  const hidden = whyHidden(directory, unit);
  if (hidden) return [failed(name, hidden)];
  const { files, directories, unreadable, links } = await census(directory, pattern);
  const others = files === 0 ? await countFiles({ directory, followLinks: false }) : 0;
  return [
    unreadable.length > 0
      ? failed(
          name,
          `cannot read ${counted(unreadable.length, 'place')} below ${directory}, the first: ${unreadable[0]}`,
        )
      : ok(
          name,
          `${directory}: ${counted(files, 'file')} named ${pattern} in ${counted(directories, 'directory')}`,
        ),
    ...(others > 0 ? [warning('pattern', noneMatches(directory, pattern, others))] : []),
    ...checkLinks(links),
    await checkFileSystem(directory),
    ...checkInotify(directories),
    ...(await checkMonitor(directory)),
  ];
}

/** For a tree that has files, but none that is read. */
export const noneMatches = (directory: string, pattern: string, files: number): string =>
  `none of the ${counted(files, 'file')} in ${directory} is named ${pattern}: set PIPELINE_PATTERN, or --pattern, to the names of your observations`;

async function census(directory: string, pattern: string) {
  let files = 0;
  let directories = 0;
  const unreadable: string[] = [];
  const links = { count: 0, first: [] as string[] };
  for await (const batch of scan({ directory, pattern, followLinks: false })) {
    files += batch.files.length;
    directories += batch.directories.length;
    unreadable.push(...batch.unreadable.map(({ path, message }) => `${path}: ${message}`));
    for (const { count, paths } of [batch.linkedDirectories, batch.linksOutside]) {
      links.count += count;
      links.first = [...links.first, ...paths].slice(0, SHOWN);
    }
  }
  return { files, directories, unreadable, links };
}

function checkLinks({
  count,
  first,
}: {
  readonly count: number;
  readonly first: readonly string[];
}): Check[] {
  if (count === 0) return [];
  const more = count > first.length ? ', ...' : '';
  return [
    warning(
      'links',
      `does not follow ${counted(count, 'link')} to directories or out of the tree (${first.join(', ')}${more}): a monitor with --follow-links reads there`,
    ),
  ];
}

async function checkFileSystem(directory: string): Promise<Check> {
  const remote = REMOTE_FILE_SYSTEMS.get((await statfs(directory)).type);
  return remote
    ? warning(
        'file system',
        `${directory} is on ${remote}: only scans find what other hosts write there; see --reconcile-interval`,
      )
    : ok('file system', 'local: the kernel reports new files');
}

function checkInotify(directories: number): Check[] {
  const limit = (name: string) => {
    try {
      return Number(readFileSync(`/proc/sys/fs/inotify/${name}`, 'utf8'));
    } catch {
      return Number.NaN;
    }
  };
  const [watches, instances, queued] = ['max_user_watches', 'max_user_instances', 'max_queued_events'].map(
    limit,
  );
  const what = `${watches} watches, ${instances} instances, ${queued} queued events`;
  if (Number.isNaN(watches)) return [warning('inotify', 'its limits cannot be read')];
  return [
    (watches as number) < 2 * directories
      ? failed(
          'inotify',
          `${what}; ${directories} directories need a watch each: raise fs.inotify.max_user_watches with sysctl`,
        )
      : ok('inotify', what),
  ];
}
