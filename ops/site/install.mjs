/** `ops/install`: copies this built tree to where a host runs it. Needs only Node, and no network. */
import { existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { Command } from './command.mjs';
import { outdatedFileSteps, programFileSteps, settingsSteps } from './file-steps.mjs';
import { settingsFile, siteFiles } from './files.mjs';
import {
  giveToUser,
  groupId,
  hasSystemd,
  isActive,
  isFailed,
  makeUser,
  protectSettings,
  run,
  runsForeignProgram,
  settingsAreProtected,
  userCan,
  userIds,
} from './host.mjs';
import { BACKUP_TIMER, MEMORY, PROGRAM, RECORD, SERVICES, SETTINGS, SYSUSERS, USER } from './places.mjs';
import { isInHome, nodePath, whyNot } from './program.mjs';
import { dropIns, foreignSettings, isForeignUnit } from './python-unit.mjs';
import { readRecord, recordText, sha256, textOf, writeWhole } from './record.mjs';
import { releaseSteps } from './release.mjs';
import { rollBack } from './rollback.mjs';
import { siteSettings } from './settings.mjs';

const USAGE = `ops/install [--prefix DIR] [--dry-run] [--rollback] [--input-dir DIR] [--state-dir DIR]

Installs or upgrades the monitor. Safe to repeat, even after an interruption.

  --prefix DIR     install under DIR, without users and services, to look at the result
  --dry-run        show what would be done, and change nothing
  --rollback       install the release before the current one again; three are kept
  --input-dir DIR  where files arrive [/data/incoming]
  --state-dir DIR  directory of database, status file and logs [/data/dsa110-contimg/state]

The directories apply to the first installation. After that edit ${SETTINGS}, and run this command to update the units.
`;

// Other users run the program and read its settings.
process.umask(0o022);

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = new Command('install', USAGE);
const options = command.options({
  'input-dir': { type: 'string' },
  'state-dir': { type: 'string' },
  rollback: { type: 'boolean' },
});
const { prefix, 'dry-run': dryRun } = options;
const onHost = prefix === '';

const reason = whyNot(root);
if (reason) command.fail(reason);
if (onHost && !dryRun && process.getuid() !== 0) {
  command.fail('not root: run with sudo (--prefix DIR only lays the files out, to look at or to pack them)');
}
if (options.rollback) rollBack(command, { prefix, dryRun });
if (onHost && userIds() && groupId() === undefined) {
  command.fail(
    `the user ${USER} exists, but no group of that name, which the units run as: create it and put the user into it`,
  );
}
const place = lstatSync(prefix + PROGRAM, { throwIfNoEntry: false });
if (place && !place.isSymbolicLink()) {
  command.fail(`${prefix + PROGRAM} exists but was not created by ops/install: move it away`);
}
const replacesPython = isForeignUnit(prefix);
const settings = readSettings();
const lacking = lackingSettings();
const node = nodePath(root);
const steps = allSteps();
command.run(steps, { dryRun });
if (steps.length === 0) command.say('nothing to do: already installed');
if (isInHome(node)) command.note(`the units cannot access ${node}: install with a Node in /usr or /opt`);
for (const [name, value] of lacking)
  command.note(
    `the unit of the old monitor sets ${name}=${value}, and ${SETTINGS} does not: add it there, and run ${PROGRAM}/ops/install`,
  );
for (const path of replacesPython ? dropIns(prefix) : [])
  command.note(`${prefix + path} also applies to the new unit: review it, or move it away`);
if (onHost && !dryRun) noteProblems();
sayWhatIsNext();

function readSettings() {
  try {
    const old = replacesPython ? foreignSettings(prefix) : {};
    return siteSettings(textOf(prefix + SETTINGS), options, { prefix, old });
  } catch (error) {
    if (error.code === 'EACCES') command.fail(`this user cannot read ${SETTINGS}: run with sudo`);
    command.fail(error.message, 2);
  }
}

/** What only the replaced unit says, and the new units would not know. */
function lackingSettings() {
  const text = textOf(prefix + SETTINGS);
  if (text === undefined || !replacesPython) return [];
  const said = parseEnv(text);
  return Object.entries(foreignSettings(prefix)).filter(([name]) => !said[name]);
}

function allSteps() {
  const before = readRecord(prefix);
  const createsUser = onHost && !userIds();
  const createdUser = before?.createdUser || createsUser;
  // For a user of the whole site it would make a second one at a start before the directory of users answers.
  const files = siteFiles(root, settings, node).filter(
    ({ path }) => path !== SYSUSERS || createdUser || !onHost,
  );
  const ofSite = settingsFile(root, settings);
  const release = releaseSteps(root, prefix, before?.releases);
  const kept = settingsSteps(ofSite, prefix, before);
  const record = recordText({
    release: release.name,
    releases: release.kept,
    settingsTemplate: sha256(ofSite.template),
    createdUser,
    files: {
      ...Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)])),
      [SETTINGS]: kept.sha256,
    },
  });
  return [
    ...release.steps,
    ...files.flatMap((file) => programFileSteps(file, prefix, before)),
    ...outdatedFileSteps(files, prefix, before),
    ...kept.steps,
    ...(createsUser ? [{ what: `create the user ${USER}`, act: () => makeUser(SYSUSERS) }] : []),
    ...protectionSteps(kept.steps),
    ...directorySteps(),
    ...logSteps(),
    ...(textOf(prefix + RECORD) === record
      ? []
      : [{ what: 'record what is installed', act: () => writeWhole(prefix + RECORD, record, 0o644) }]),
    ...(onHost && hasSystemd()
      ? [{ what: 'reload the systemd units', act: () => run('systemctl', ['daemon-reload']) }]
      : []),
  ];
}

/** Existing directories keep their owner and mode. */
function directorySteps() {
  const { written, stateDir, backupDirs, onServer } = settings;
  return [MEMORY, ...written, join(stateDir, 'logs'), ...(onServer ? [] : backupDirs.slice(0, 1))]
    .filter((path) => !existsSync(prefix + path))
    .map((path) => ({
      what: `create ${prefix + path}`,
      act: () => {
        mkdirSync(dirname(prefix + path), { recursive: true });
        // Not recursive: anyone who can write in the directory above must not get something else handed to the user.
        mkdirSync(prefix + path);
        if (onHost) giveToUser(path);
      },
    }));
}

/** New settings have the mode, but not yet the group. */
function protectionSteps(settingsWritten) {
  const isNew = settingsWritten.length > 0 || textOf(prefix + SETTINGS) === undefined;
  if (!onHost || (!isNew && settingsAreProtected())) return [];
  return [{ what: `let only root and the group ${USER} read ${SETTINGS}`, act: protectSettings }];
}

/** The Python monitor ran as another user, and its log directory is then that user's. */
function logSteps() {
  const logs = join(settings.stateDir, 'logs');
  const found = lstatSync(logs, { throwIfNoEntry: false });
  if (!onHost || !found?.isDirectory() || (userIds() && userCan('write', logs))) return [];
  const own = readdirSync(logs)
    .filter((name) => name.startsWith('pointing-monitor.'))
    .map((name) => join(logs, name))
    // A second name of a file could be anybody's.
    .filter((path) => lstatSync(path).isFile() && lstatSync(path).nlink === 1);
  return [logs, ...own].map((path) => ({ what: `give ${path} to ${USER}`, act: () => giveToUser(path) }));
}

function noteProblems() {
  const { inputDir, written, backupDirs, onServer } = settings;
  const writable = new Set([...written, ...(onServer ? [] : backupDirs)]);
  for (const path of new Set([inputDir, ...writable])) {
    if (isInHome(path))
      command.note(`the units cannot access ${path}: use a directory outside /home and /root`);
  }
  if (!existsSync(inputDir)) command.note(`${inputDir} does not exist yet: the monitor waits for it`);
  else if (!userCan('read', inputDir)) command.note(`${USER} cannot read ${inputDir}`);
  for (const path of writable) {
    if (!userCan('write', path)) command.note(`${USER} cannot write to ${path}: chown ${USER}: ${path}`);
  }
  if (onServer) {
    command.note(
      `the database is on a server: let the units reach it with ${PROGRAM}/ops/systemd/postgresql.conf`,
    );
  }
  if (!hasSystemd()) command.note('systemd is not running here, so the units were not loaded');
}

function sayWhatIsNext() {
  const services = SERVICES.join(' ');
  const systemd = onHost && hasSystemd();
  if (replacesPython || (systemd && runsForeignProgram(SERVICES[0]))) {
    command.say(
      `next: the old monitor was found: continue with step 2 of "Switch over" in ${PROGRAM}/docs/install.md: systemctl disable --now ${SERVICES[0]}`,
    );
  } else if (!systemd || dryRun) return;
  // A failed one would stay down, and the limit of its starts would refuse another.
  else if (SERVICES.some(isFailed))
    command.say(`next: systemctl reset-failed 'contimg-pointing-*', then: systemctl restart ${services}`);
  else if (isActive(SERVICES[0])) command.say(`next: systemctl try-restart ${services}`);
  else {
    const timer = settings.onServer ? '' : ` ${BACKUP_TIMER}`;
    command.say(`next: review ${SETTINGS}, then: systemctl enable --now ${services}${timer}`);
  }
}
