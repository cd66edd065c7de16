/** The files that a host needs: the package as `npm pack` builds it, and its run-time dependencies. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The Node of a release for hosts without one, below its root. */
export const OWN_NODE = '/bin/node';
/** Only such a release has these. */
const OF_RELEASE = ['bin', 'licences', 'sbom.cdx.json'];
export const PACKAGE = [
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
/** The version of this system's, or undefined on one without it. */
export const GLIBC = process.report.getReport().header.glibcVersionRuntime;
const C_LIBRARY = GLIBC ? 'glibc' : 'musl';
/** The demonstration, files for compilers and debuggers, and the sources of better-sqlite3. */
const NOT_NEEDED =
  /^dist\/demo\/|\.d\.[cm]?ts$|(?<!^dist\/bundle\/.*)\.map$|\.tsbuildinfo$|^node_modules\/better-sqlite3\/(deps|src|build\/(?!Release\/better_sqlite3\.node$))/;

/** The program's path below the root. */
export function programFile(root) {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return bin['pointing-monitor'];
}

/** The first file that is missing for an installation, or undefined. */
export function missingOf(root) {
  const missing = [programFile(root), 'dist/web/index.html', ...PACKAGE].find(
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
    .filter((folder) => existsSync(join(root, folder)) && isForThisSystem(join(root, folder)));
  const own = [...PACKAGE, ...OF_RELEASE.filter((path) => existsSync(join(root, path)))].flatMap((path) =>
    filesBelow(root, path),
  );
  // The dependencies of a package are in the list themselves.
  const theirs = packages.flatMap((folder) => filesBelow(root, folder, 'node_modules'));
  return [...own, ...theirs].filter((path) => !NOT_NEEDED.test(path)).sort();
}

export function modeOf(root, path, program) {
  return path === program || statSync(join(root, path)).mode & 0o100 ? 0o755 : 0o644;
}

/** Names a release: the version, a digest of the program, and one of the tables in vendor/iers, which change without it. */
export function releaseName(root, files) {
  const digests = { program: createHash('sha256'), tables: createHash('sha256') };
  const program = programFile(root);
  for (const path of files) {
    const digest = digests[path.startsWith('vendor/iers/') ? 'tables' : 'program'];
    digest.update(`${path}\0${modeOf(root, path, program)}\0`).update(readFileSync(join(root, path)));
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [ofProgram, ofTables] = Object.values(digests).map((digest) => digest.digest('hex'));
  return `${version}-${ofProgram.slice(0, 12)}-${ofTables.slice(0, 6)}`;
}

/** What two releases have in common that differ only in their tables. */
export const programOf = (release) => release.replace(/-[0-9a-f]{6}$/, '');

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

/** npm may install a package's variants for other processors and C libraries beside the one that is used. */
function isForThisSystem(folder) {
  const { os, cpu, libc } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const allows = (list, value) =>
    !list || list.includes(value) || list.every((entry) => entry.startsWith('!') && entry !== `!${value}`);
  return allows(os, process.platform) && allows(cpu, process.arch) && allows(libc, C_LIBRARY);
}

function filesBelow(root, path, except) {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.name !== except && (entry.isFile() || entry.isDirectory()))
    .flatMap((entry) => filesBelow(root, `${path}/${entry.name}`, except));
}
