/** The addon with HDF5 and ERFA linked in. */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { output, run } from './run.mjs';

const JOBS = String(availableParallelism());
/** The files of headers are never compressed by szip, and never lie in a cloud: without both, HDF5 needs only zlib. */
const HDF5_OPTIONS = [
  '-DCMAKE_BUILD_TYPE=Release',
  '-DCMAKE_POSITION_INDEPENDENT_CODE=ON',
  '-DBUILD_SHARED_LIBS=OFF',
  '-DBUILD_TESTING=OFF',
  '-DHDF5_BUILD_TOOLS=OFF',
  '-DHDF5_BUILD_UTILS=OFF',
  '-DHDF5_BUILD_EXAMPLES=OFF',
  '-DHDF5_BUILD_HL_LIB=OFF',
  '-DHDF5_BUILD_CPP_LIB=OFF',
  '-DHDF5_BUILD_FORTRAN=OFF',
  '-DHDF5_ENABLE_Z_LIB_SUPPORT=ON',
  // The settings that it would embed hold the paths of this build.
  '-DHDF5_ENABLE_EMBEDDED_LIBINFO=OFF',
];

/**
 * Debian's own library is not made for linking into a shared object, so it is built from Debian's source.
 * Gives `{ prefix, source, version }`.
 */
export function staticHdf5(work) {
  const top = join(work, 'hdf5');
  const prefix = join(top, 'installed');
  if (!existsSync(prefix)) build(top, prefix);
  const source = join(
    top,
    readdirSync(top).find((name) => /^hdf5-\d/.test(name)),
  );
  return { prefix, source, version: /hdf5-([\d.]+)/.exec(source)[1] };
}

function build(top, prefix) {
  rmSync(top, { recursive: true, force: true });
  mkdirSync(top, { recursive: true });
  debianSource('hdf5', top);
  const archive = readdirSync(top).find((name) => /orig\.tar\.\w+$/.test(name));
  run('tar', ['-xf', archive, '--no-same-owner'], { cwd: top });
  const source = readdirSync(top).find((name) => /^hdf5-\d/.test(name));
  const installed = `${prefix}.part`;
  // Its configuration leaves files where it runs, and looks for them in the build directory.
  const cwd = join(top, 'build');
  mkdirSync(cwd);
  const places = [`-DCMAKE_INSTALL_PREFIX=${installed}`, `-DCMAKE_C_FLAGS=${mapped(top)}`];
  run('cmake', [join(top, source), ...HDF5_OPTIONS, ...places], { cwd });
  run('cmake', ['--build', '.', '--parallel', JOBS], { cwd });
  run('cmake', ['--install', '.'], { cwd });
  renameSync(installed, prefix);
}

/** From this system's mirror, with lists of its own: that of the system may name no sources. */
function debianSource(name, directory) {
  const lists = join(directory, 'apt');
  mkdirSync(join(lists, 'lists/partial'), { recursive: true });
  const mirror = output('apt-get', [
    'indextargets',
    '--format',
    '$(SITE) $(RELEASE)',
    'Origin: Debian',
    'Component: main',
  ]);
  const [site, release] = (mirror.split('\n')[0] || 'http://deb.debian.org/debian bookworm').split(' ');
  writeFileSync(join(lists, 'sources.list'), `deb-src ${site} ${release} main\n`);
  const options = [
    `Dir::Etc::SourceList=${join(lists, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(lists, 'lists')}`,
    `Dir::Cache=${lists}`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  run('apt-get', [...options, '-qq', 'update']);
  run('apt-get', [...options, '-qq', 'source', '--download-only', name], { cwd: directory });
}

/** Gives the path of the stripped addon. */
export function buildAddon(work, { prefix }) {
  const out = join(work, 'addon');
  const definitions = {
    POINTING_STATIC: 'ON',
    CMAKE_PREFIX_PATH: prefix,
    CMAKE_CXX_FLAGS: mapped(resolve('.')),
    CMAKE_SHARED_LINKER_FLAGS: '-static-libstdc++ -static-libgcc -Wl,--exclude-libs,ALL',
  };
  const args = Object.entries(definitions).map(([name, value]) => `--CD${name}=${value}`);
  run('node_modules/.bin/cmake-js', ['compile', '--out', out, ...args]);
  const stripped = join(out, 'pointing_monitor.node');
  run('strip', ['--strip-unneeded', '-o', stripped, join(out, 'Release/pointing_monitor.node')]);
  return stripped;
}

/** Where it was built is not in it. */
const mapped = (directory) => `-ffile-prefix-map=${directory}=.`;
