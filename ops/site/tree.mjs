/** The files that a host needs: the package as `npm pack` builds it, and its run-time dependencies. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM_FILE = 'dist/cli.js';
const PACKAGE = [
  'build/Release/pointing_monitor.node',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'dist',
  'docs',
  'LICENSE',
  'ops',
  'package-lock.json',
  'package.json',
  'README.md',
  'SECURITY.md',
  'vendor',
];
/** The demonstration, files for compilers and debuggers, and the sources of better-sqlite3. */
const NOT_NEEDED =
  /^dist\/demo\/|\.d\.[cm]?ts$|\.map$|\.tsbuildinfo$|^node_modules\/better-sqlite3\/(deps|src|build\/(?!Release\/better_sqlite3\.node$))/;

/** The first file that is missing for an installation, or undefined. */
export function missingOf(root) {
  const missing = [PROGRAM_FILE, 'dist/web/index.html', ...PACKAGE].find(
    (path) => !existsSync(join(root, path)),
  );
  if (missing) return missing;
  return packagesOf(root).find(({ folder, optional }) => !optional && !existsSync(join(root, folder)))
    ?.folder;
}

/** Paths of all files relative to the repository, sorted. */
export function treeFiles(root) {
  const packages = packagesOf(root)
    .map(({ folder }) => folder)
    .filter((folder) => existsSync(join(root, folder)));
  const own = PACKAGE.flatMap((path) => filesBelow(root, path));
  // The dependencies of a package are in the list themselves.
  const theirs = packages.flatMap((folder) => filesBelow(root, folder, 'node_modules'));
  return [...own, ...theirs].filter((path) => !NOT_NEEDED.test(path)).sort();
}

export function modeOf(root, path) {
  return path === PROGRAM_FILE || statSync(join(root, path)).mode & 0o100 ? 0o755 : 0o644;
}

/** Names a release: the version and a digest of its content. */
export function releaseName(root, files) {
  const digest = createHash('sha256');
  for (const path of files) {
    digest.update(`${path}\0${modeOf(root, path)}\0`).update(readFileSync(join(root, path)));
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `${version}-${digest.digest('hex').slice(0, 12)}`;
}

/** The packages in package-lock.json except development ones. */
function packagesOf(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== '' && !dev)
    .map(([folder, { optional, devOptional, peer }]) => ({
      folder,
      optional: optional || devOptional || peer,
    }));
}

function filesBelow(root, path, except) {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.name !== except && (entry.isFile() || entry.isDirectory()))
    .flatMap((entry) => filesBelow(root, `${path}/${entry.name}`, except));
}
