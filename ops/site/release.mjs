import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './host.mjs';
import { PROGRAM, RECORD, RELEASES } from './places.mjs';
import { modeOf, programFile, releaseName, treeFiles } from './tree.mjs';

/** The release that the link names, or undefined without a link. */
function releaseInUse(prefix) {
  const link = lstatSync(prefix + PROGRAM, { throwIfNoEntry: false });
  return link?.isSymbolicLink() ? basename(readlinkSync(prefix + PROGRAM)) : undefined;
}

/**
 * Steps that install the tree. The copy gets its name only when it is complete and on disk; then the link changes in one step. A
 * running monitor keeps the release that it was started from.
 */
export function releaseSteps(root, prefix) {
  const files = treeFiles(root);
  const name = releaseName(root, files);
  const releases = prefix + RELEASES;
  const before = releaseInUse(prefix);
  const steps = [];
  if (!existsSync(join(releases, name))) {
    steps.push({
      what: `copy ${files.length} files to ${join(releases, name)}`,
      // Under a prefix the tree gets packed, so it need not survive a power cut.
      act: () => copyWhole(root, files, join(releases, '.part'), join(releases, name), prefix === ''),
    });
  }
  if (before !== name) {
    steps.push({ what: `link ${prefix + PROGRAM} to it`, act: () => link(prefix, name) });
  }
  const kept = new Set([name, before === name ? undefined : before, basename(RECORD)]);
  for (const old of before === name || !existsSync(releases) ? [] : readdirSync(releases)) {
    if (kept.has(old) || old === '.part') continue;
    steps.push({
      what: `remove ${join(releases, old)}`,
      act: () => rmSync(join(releases, old), { recursive: true, force: true }),
    });
  }
  return { name, steps };
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
  renameSync(part, path);
}

function link(prefix, name) {
  const beside = `${prefix}${PROGRAM}.part`;
  rmSync(beside, { force: true });
  symlinkSync(`${basename(RELEASES)}/${name}`, beside);
  renameSync(beside, prefix + PROGRAM);
}
