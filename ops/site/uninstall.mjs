/** `ops/uninstall`: removes what `ops/install` installed, but never the database, the status file or the logs. */
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Command } from './command.mjs';
import { hasSystemd, run, userIds } from './host.mjs';
import {
  BACKUP,
  BACKUP_TIMER,
  MEMORY,
  PROGRAM,
  RECORD,
  RELEASES,
  SERVICES,
  SETTINGS,
  UNITS,
  USER,
} from './places.mjs';
import { readRecord, sha256, textOf } from './record.mjs';
import { siteSettings } from './settings.mjs';

const USAGE = `ops/uninstall [--prefix DIR] [--dry-run] [--purge]

Stops the services and removes what ops/install installed, even after an interruption. Files that were edited or replaced since, the
database, the status file, the logs, ${MEMORY} and the user ${USER} stay.

  --prefix DIR  uninstall from under DIR
  --dry-run     show what would be done, and change nothing
  --purge       also remove edited settings, ${MEMORY}, and the user if
                ops/install created it, but neither database nor logs
`;

const command = new Command('uninstall', USAGE);
const { prefix, 'dry-run': dryRun, purge } = command.options({ purge: { type: 'boolean' } });
const onHost = prefix === '';

if (onHost && !dryRun && process.getuid() !== 0)
  command.fail('not root: run with sudo, or with --prefix DIR');
const record = readRecord(prefix);
if (!record) command.fail(`nothing is installed${onHost ? '' : ` under ${prefix}`}`);

const ofSite = sitePaths();
command.run(
  [
    ...(onHost && hasSystemd() ? [{ what: 'stop and disable the services', act: stopServices }] : []),
    ...Object.keys(record.files)
      .filter((path) => path !== SETTINGS && isAsInstalled(path))
      .map(removal),
    ...settingsSteps(),
    ...(onHost && hasSystemd()
      ? [{ what: 'reload the systemd units', act: () => run('systemctl', ['daemon-reload']) }]
      : []),
    ...(purge && isThere(MEMORY) ? [removal(MEMORY)] : []),
    ...(onHost && purge && record.createdUser && userIds()
      ? [{ what: `remove the user ${USER}`, act: () => run('userdel', [USER]) }]
      : []),
    ...[PROGRAM, ...releases(), RELEASES].filter(isThere).map(removal),
  ],
  { dryRun },
);
if (!dryRun) sayWhatStays(ofSite);

function stopServices() {
  run('systemctl', ['stop', 'contimg-pointing-backfill@*.service', ...[BACKUP].filter(isOurs)]);
  // There may be none after an interrupted removal.
  const services = [
    ...SERVICES.filter(isOurs),
    ...[BACKUP_TIMER].filter((name) => isThere(`${UNITS}/${name}`)),
  ];
  if (services.length > 0) run('systemctl', ['disable', '--now', ...services]);
  // Failed units would stay listed without a file. There may be none, which is an error to systemctl.
  spawnSync('systemctl', ['reset-failed', 'contimg-pointing-*.service']);
}

/** Whether a service, edited or not, runs this program: the Python monitor's has the name of ours. */
function isOurs(service) {
  return textOf(`${prefix}${UNITS}/${service}`)?.includes(PROGRAM) === true;
}

function isAsInstalled(path) {
  const text = textOf(prefix + path);
  return text !== undefined && sha256(text) === record.files[path];
}

/** Without the record, which goes last: a removal that was interrupted can then be run again. */
function releases() {
  return readdirSync(prefix + RELEASES)
    .map((name) => join(RELEASES, name))
    .filter((path) => path !== RECORD);
}

/** What is the site's own, by path. */
function sayWhatStays(paths) {
  const present = paths.filter(isThere);
  const user = onHost && userIds() ? [`the user ${USER}`] : [];
  const left = [...present.map((path) => prefix + path), ...user];
  if (left.length > 0) command.say(`left in place: ${left.join(', ')}`);
}

/** Read before the settings are removed. */
function sitePaths() {
  const kept = Object.keys(record.files).flatMap((path) => [
    ...(path === SETTINGS || isAsInstalled(path) ? [] : [path]),
    ...keptCopies(path),
  ]);
  try {
    const site = siteSettings(textOf(prefix + SETTINGS), {}, { prefix });
    const { stateDir, productsDb, backupDirs, onServer } = site;
    return [...kept, SETTINGS, MEMORY, ...(onServer ? [] : [productsDb, backupDirs[0]]), stateDir];
  } catch {
    return [...kept, SETTINGS, MEMORY];
  }
}

/** Files of others that ops/install kept beside its own. */
function keptCopies(path) {
  const folder = dirname(path);
  if (!isThere(folder)) return [];
  return readdirSync(prefix + folder)
    .filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith('.bak'))
    .map((name) => join(folder, name));
}

function settingsSteps() {
  const text = textOf(prefix + SETTINGS);
  const stays = text !== undefined && sha256(text) !== record.files[SETTINGS] && !purge;
  if (stays) command.note(`${prefix + SETTINGS} was edited and stays; --purge removes it`);
  return [...(stays ? [] : [SETTINGS]), `${SETTINGS}.new`].filter(isThere).map(removal);
}

function isThere(path) {
  return lstatSync(prefix + path, { throwIfNoEntry: false }) !== undefined;
}

/** Also removes our directory if it is then empty. */
function removal(path) {
  return {
    what: `remove ${prefix + path}`,
    act: () => {
      rmSync(prefix + path, { recursive: true, force: true });
      const folder = prefix + dirname(path);
      if (folder === prefix + dirname(SETTINGS) && readdirSync(folder).length === 0) rmdirSync(folder);
    },
  };
}
