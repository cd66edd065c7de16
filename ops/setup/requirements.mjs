/** What set-up needs of the system, how it is found, and under which name each distribution has it. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const PREFIXES = [
  ...(process.env.CMAKE_PREFIX_PATH ?? '').split(/[:;]/),
  process.env.CONDA_PREFIX ?? '',
  '/usr/local',
  '/usr',
].filter(Boolean);
const PROGRAM_DIRECTORIES = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
];

const program =
  (...names) =>
  () =>
    names.some((name) => PROGRAM_DIRECTORIES.some((directory) => isProgram(join(directory, name))));
const header =
  (name, ...folders) =>
  () =>
    PREFIXES.some((prefix) =>
      ['', ...folders].some((folder) => existsSync(join(prefix, 'include', folder, name))),
    );
/** As CMake does, also where only pkg-config knows it. */
const library =
  (modules, ...places) =>
  () =>
    header(...places)() ||
    modules.some((module) => spawnSync('pkg-config', ['--exists', module]).status === 0);
const compiler = () => process.env.CXX !== undefined || program('c++', 'g++', 'clang++')();
/** For the system's own Python, which the tests run. */
const pythonPackage = (name) => () =>
  [
    '/usr/lib/python3/dist-packages',
    ...entries('/usr/lib').map((each) => `/usr/lib/${each}/site-packages`),
  ].some((directory) => existsSync(`${directory}/${name}`));
const faketime = () =>
  ['/usr/lib', '/usr/lib64', ...entries('/usr/lib').map((each) => `/usr/lib/${each}`)].some((directory) =>
    existsSync(`${directory}/faketime/libfaketimeMT.so.1`),
  );
const postgres = () => program('postgres')() || entries('/usr/lib/postgresql').length > 0;

/** `isThere` looks for the thing itself, whichever package it came from. */
const requirement = (what, isThere, debian, fedora = debian, conda = debian) => ({
  what,
  isThere,
  debian,
  fedora,
  conda,
});

export const forBuild = [
  requirement('CMake', program('cmake'), 'cmake'),
  requirement('a C++ compiler', compiler, 'g++', 'gcc-c++', 'cxx-compiler'),
  requirement('make', program('make'), 'make'),
  requirement('Python 3', program('python3'), 'python3', 'python3', 'python'),
  requirement(
    'HDF5 (1.10.7 or later)',
    library(['hdf5-serial', 'hdf5'], 'hdf5.h', 'hdf5/serial'),
    'libhdf5-dev',
    'hdf5-devel',
    'hdf5',
  ),
  requirement('ERFA', library(['erfa'], 'erfa.h'), 'liberfa-dev', 'erfa-devel', 'liberfa'),
];

/** A test that needs one of these is skipped without it, and so is the part of lint that needs clang-tidy. */
export const forTests = [
  requirement('Caddy', program('caddy'), 'caddy'),
  requirement('Chromium', program('chromium', 'chromium-browser', 'google-chrome'), 'chromium'),
  requirement('clang-tidy', program('clang-tidy'), 'clang-tidy', 'clang-tools-extra', 'clang-tools'),
  requirement('curl', program('curl'), 'curl'),
  requirement('doctest', header('doctest/doctest.h'), 'doctest-dev', 'doctest-devel', 'doctest'),
  requirement('fish', program('fish'), 'fish'),
  requirement('fonts', () => existsSync('/usr/share/fonts'), 'fonts-dejavu-core', 'dejavu-sans-fonts'),
  requirement('ip', program('ip'), 'iproute2', 'iproute'),
  requirement('jq', program('jq'), 'jq'),
  requirement('bindfs', program('bindfs'), 'bindfs'),
  requirement('libfaketime', faketime, 'libfaketime'),
  requirement('logrotate', program('logrotate'), 'logrotate'),
  requirement('man', program('man'), 'man-db'),
  requirement('nginx', program('nginx'), 'nginx'),
  requirement('pkg-config', program('pkg-config'), 'pkgconf', 'pkgconf-pkg-config', 'pkg-config'),
  requirement('PgBouncer', program('pgbouncer'), 'pgbouncer'),
  requirement('PostgreSQL', postgres, 'postgresql', 'postgresql-server'),
  requirement('astropy', pythonPackage('astropy'), 'python3-astropy'),
  requirement('h5py', pythonPackage('h5py'), 'python3-h5py', 'python3-h5py', 'h5py'),
  requirement('healpy', pythonPackage('healpy'), 'python3-healpy', 'python3-healpy', 'healpy'),
  requirement('pandas', pythonPackage('pandas'), 'python3-pandas'),
  requirement('matplotlib', pythonPackage('matplotlib'), 'python3-matplotlib'),
  requirement('pyvo', pythonPackage('pyvo'), 'python3-pyvo', 'python3-pyvo', 'pyvo'),
  requirement('stilts', program('stilts'), 'stilts', 'topcat'),
  requirement('ShellCheck', program('shellcheck'), 'shellcheck', 'ShellCheck'),
  requirement('SQLite', program('sqlite3'), 'sqlite3', 'sqlite', 'sqlite'),
  requirement('sudo', program('sudo'), 'sudo'),
  requirement('systemd', program('systemd-analyze'), 'systemd'),
  requirement('systemd-nspawn', program('systemd-nspawn'), 'systemd-container'),
  requirement('zsh', program('zsh'), 'zsh'),
];

export const forSlurm = [
  requirement('munge', program('munged'), 'munge'),
  requirement('Slurm', program('slurmctld'), 'slurm-wlm', 'slurm-slurmctld slurm-slurmd'),
];

export const missingOf = (requirements) => requirements.filter(({ isThere }) => !isThere());

/** The commands that bring these, a line each. */
export function commandsFor(requirements) {
  const names = (system) => requirements.map((each) => each[system]).join(' ');
  return [
    `  Debian, Ubuntu     sudo apt-get install --no-install-recommends ${names('debian')}`,
    `  Fedora, RHEL+EPEL  sudo dnf install ${names('fedora')}`,
    `  conda-forge        conda install -c conda-forge ${names('conda')}`,
  ].join('\n');
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function entries(directory) {
  return existsSync(directory) ? readdirSync(directory) : [];
}
