import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './host.mjs';
import { PROGRAM, RECORD, RELEASES } from './places.mjs';
import { modeOf, programFile, programOf, releaseName, treeFiles } from './tree.mjs';

const KEPT_PROGRAMS = 3;
/** Copies under way: each installation has one of its own, or two at once would make one of both. */
const PART = '.part-';

/** The release that the link names, or undefined without a link. */
export function releaseInUse(prefix) {
  const link = lstatSync(prefix + PROGRAM, { throwIfNoEntry: false });
  return link?.isSymbolicLink() ? basename(readlinkSync(prefix + PROGRAM)) : undefined;
}

/**
 * Steps that install the tree. The copy gets its name only when it is complete and on disk; then the link changes in one step. A
 * running monitor keeps the release that it was started from, whose files it needs until it ends. `recorded` has the releases of the
 * last installation, newest first; so does the result.
 */
export function releaseSteps(root, prefix, recorded = []) {
  const files = treeFiles(root);
  const name = releaseName(root, files);
  const releases = prefix + RELEASES;
  const before = releaseInUse(prefix);
  const steps = [];
  if (!existsSync(join(releases, name))) {
    steps.push({
      what: `copy ${files.length} files to ${join(releases, name)}`,
      // Under a prefix the tree gets packed, so it need not survive a power cut.
      act: () =>
        copyWhole(root, files, join(releases, PART + process.pid), join(releases, name), prefix === ''),
    });
  }
  if (before !== name) {
    steps.push({ what: `link ${prefix + PROGRAM} to it`, act: () => link(prefix, name) });
  }
  const kept = keptReleases(name, before, recorded);
  const present = existsSync(releases) ? readdirSync(releases) : [];
  const needed = [...kept, basename(RECORD), ...(present.length > 0 ? runningReleases(releases) : [])];
  for (const old of present) {
    const isCopy = old.startsWith('.part');
    if (isCopy ? isUnderWay(old) : before === name || needed.includes(old)) continue;
    steps.push({
      what: `remove ${join(releases, old)}`,
      act: () => rmSync(join(releases, old), { recursive: true, force: true }),
    });
  }
  return { name, kept, steps };
}

/**
 * Newest first: the last three programs, each with its newest tables, and the release before this one. A new release takes the place
 * of those that were rolled back.
 */
function keptReleases(name, before, recorded) {
  const known = before && !recorded.includes(before) ? [before, ...recorded] : recorded;
  const all = known.includes(name) ? known : [name, ...known.slice(Math.max(0, known.indexOf(before)))];
  const programs = [...new Set(all.map(programOf))].slice(0, KEPT_PROGRAMS);
  const newest = programs.map((program) => all.find((each) => programOf(each) === program));
  return all.filter((each) => newest.includes(each) || each === name || each === before);
}

/** Releases of which a process has a library or its Node in memory, whichever user runs it if this is root. */
function runningReleases(releases) {
  const below = `${realpathSync(releases)}/`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => mapsOf(pid).split('\n'))
    .filter((line) => line.includes(below))
    .map((line) => line.split(below)[1].split('/')[0]);
}

/** Empty if the process has ended or may not be looked at. */
function mapsOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8');
  } catch {
    return '';
  }
}

/** Whether the installation that makes this copy still runs. */
function isUnderWay(part) {
  const pid = Number(part.slice(PART.length));
  try {
    // 0 would be this process's own group.
    return pid > 0 && process.kill(pid, 0);
  } catch ({ code }) {
    return code === 'EPERM';
  }
}

function copyWhole(root, files, part, path, durable) {
  rmSync(part, { recursive: true, force: true });
  const program = programFile(root);
  for (const file of files) {
    const copy = join(part, file);
    mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
    copyFileSync(join(root, file), copy);
    chmodSync(copy, modeOf(root, file, program));
  }
  if (durable) run('sync', ['-f', part]);
  try {
    renameSync(part, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    // Another installation made the same one meanwhile.
    rmSync(part, { recursive: true });
  }
}

function link(prefix, name) {
  const beside = `${prefix}${PROGRAM}.part`;
  rmSync(beside, { force: true });
  symlinkSync(`${basename(RELEASES)}/${name}`, beside);
  renameSync(beside, prefix + PROGRAM);
}
