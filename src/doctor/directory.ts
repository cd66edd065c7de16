import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { countFiles, ScanFailure, type ScanLimits, scan } from '../ingest/watch/listing.js';
import { lookAtRoot } from '../ingest/watch/root.js';
import { StatGate } from '../ingest/watch/stat-gate.js';
import type { Tree } from '../ingest/watch/tree.js';
import { within } from '../monotonic.js';
import { counted } from '../units.js';
import { type Check, failed, ok, warning } from './check.js';
import { askAsService, canAccess, canAskFor, service, whyHidden } from './service.js';

const SHOWN = 3;
/** The person who asked waits. */
const ANSWER_SECONDS = 10;
const LIMITS: ScanLimits = {
  leaveOut: [],
  leaveLinks: false,
  stepSeconds: 30,
  onHang: () => {},
  onLateEnd: () => {},
};

/** Magic numbers of statfs(2) of file systems on which inotify does not report what other hosts do. */
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

/**
 * The watched tree: whether the service can read it, and the kernel can watch all of it. A file system that hangs is given up, with the
 * thread that waits for it.
 */
export async function checkDirectory(directory: string, pattern: string): Promise<Check[]> {
  const name = 'watch directory';
  const tree = { directory, followLinks: false };
  const root = await lookAtRoot(directory, new StatGate(ANSWER_SECONDS, tree));
  if (root.issue) return [failed(name, root.issue.message)];
  const unit = service();
  if (!canAccess(directory, ['r', 'x'], unit)) {
    if (unit && !canAskFor(unit)) return [warning(name, `cannot read ${directory}; ${askAsService(unit)}`)];
    return [failed(name, `${unit?.user ?? 'this user'} cannot read ${directory}: check its owner and mode`)];
  }
  const hidden = whyHidden(directory, unit);
  if (hidden) return [failed(name, hidden)];
  try {
    return await checkTree({ ...tree, pattern }, name);
  } catch (error) {
    if (error instanceof ScanFailure) return [failed(name, error.message)];
    throw error;
  }
}

async function checkTree(tree: Tree, name: string): Promise<Check[]> {
  const { directory, pattern } = tree;
  const { files, directories, unreadable, links } = await census(tree);
  const others = files === 0 ? (await census({ ...tree, pattern: '*' })).files : 0;
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
  ];
}

/** For a tree of which no file is read: why not, if it has files at all. Throws as `scan`. */
export async function whyNoneMatches({ directory, pattern, followLinks }: Tree): Promise<string | undefined> {
  const others = await countFiles({ directory, followLinks });
  return others > 0 ? noneMatches(directory, pattern, others) : undefined;
}

const noneMatches = (directory: string, pattern: string, files: number): string =>
  `none of the ${counted(files, 'file')} in ${directory} is named ${pattern}: set PIPELINE_PATTERN, or --pattern, to the names of your observations`;

async function census(tree: Tree) {
  let files = 0;
  let directories = 0;
  const unreadable: string[] = [];
  const links = { count: 0, first: [] as string[] };
  for await (const batch of scan(tree, LIMITS)) {
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
      `${counted(count, 'link')} to directories or out of the tree ${count === 1 ? 'is' : 'are'} not followed (${first.join(', ')}${more}): to read there, run the monitor with --follow-links`,
    ),
  ];
}

async function checkFileSystem(directory: string): Promise<Check> {
  const answer = await within(
    ANSWER_SECONDS,
    statfs(directory).catch((error: Error) => error),
  );
  if (answer === undefined || answer instanceof Error)
    return warning(
      'file system',
      `cannot determine its type: ${answer?.message ?? `${directory} is not responding`}`,
    );
  const remote = REMOTE_FILE_SYSTEMS.get(answer.type);
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
