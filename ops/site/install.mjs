/** `ops/install`: brings this tree, built, to where a host runs it. Uses only what Node itself has; no network. */
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from './command.mjs';
import { programFileSteps, settingsSteps } from './file-steps.mjs';
import { settingsFile, siteFiles } from './files.mjs';
import { giveToUser, hasSystemd, isEnabled, makeUser, run, userIds, userMay } from './host.mjs';
import { PROGRAM, RECORD, SERVICES, SETTINGS, SYSUSERS, USER } from './places.mjs';
import { isInHome, nodePath, whyNot } from './program.mjs';
import { readRecord, recordText, sha256, textOf, writeWhole } from './record.mjs';
import { releaseSteps } from './release.mjs';
import { siteSettings } from './settings.mjs';

const USAGE = `ops/install [--prefix DIR] [--dry-run] [--input-dir DIR] [--state-dir DIR]

Installs the monitor, or a newer one in its place. Safe to repeat, also after an interruption.

  --prefix DIR     below DIR, without users and services; DIR may then be packed and brought to a host
  --dry-run        says what would be done, and changes nothing
  --input-dir DIR  where files arrive [/data/incoming]
  --state-dir DIR  where database, status file and logs lie [/data/dsa110-contimg/state]

The directories are for the first time: later ${SETTINGS} says them, and this command brings the units into line with it.
`;

// Others run the program and read its settings, whoever installs it.
process.umask(0o022);

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = new Command('install', USAGE);
const options = command.options({ 'input-dir': { type: 'string' }, 'state-dir': { type: 'string' } });
const { prefix, 'dry-run': dryRun } = options;
const onHost = prefix === '';

const reason = whyNot(root);
if (reason) command.fail(reason);
if (onHost && !dryRun && process.getuid() !== 0) {
  command.fail('not root: run it with sudo, or with --prefix DIR to install below a directory of your own');
}
const place = lstatSync(prefix + PROGRAM, { throwIfNoEntry: false });
if (place && !place.isSymbolicLink()) {
  command.fail(`${prefix + PROGRAM} is in the way, and was not put there by ops/install: move it away`);
}
const settings = readSettings();
const node = nodePath(root);
const steps = allSteps();
command.run(steps, { dryRun });
if (steps.length === 0) command.say('nothing to do: all is in place');
if (isInHome(node)) command.note(`the units may not look into ${node}: install with a Node in /usr or /opt`);
if (onHost && !dryRun) sayWhatIsNext();

function readSettings() {
  try {
    return siteSettings(textOf(prefix + SETTINGS), options);
  } catch (error) {
    command.fail(error.message, 2);
  }
}

function allSteps() {
  const before = readRecord(prefix);
  const files = siteFiles(root, settings, node);
  const ofSite = settingsFile(root, settings);
  const release = releaseSteps(root, prefix);
  const kept = settingsSteps(ofSite, prefix, before);
  const record = recordText({
    release: release.name,
    settingsTemplate: sha256(ofSite.template),
    files: {
      ...Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)])),
      [SETTINGS]: kept.sha256,
    },
  });
  return [
    ...release.steps,
    ...files.flatMap((file) => programFileSteps(file, prefix, before)),
    ...kept.steps,
    ...(onHost && !userIds() ? [{ what: `make the user ${USER}`, act: () => makeUser(SYSUSERS) }] : []),
    ...directorySteps(),
    ...(textOf(prefix + RECORD) === record
      ? []
      : [{ what: 'record what is installed', act: () => writeWhole(prefix + RECORD, record, 0o644) }]),
    ...(onHost && hasSystemd()
      ? [{ what: 'have systemd read its units', act: () => run('systemctl', ['daemon-reload']) }]
      : []),
  ];
}

/** Those that there are keep their owner and mode. */
function directorySteps() {
  return [...settings.written, join(settings.stateDir, 'logs')]
    .filter((path) => !existsSync(prefix + path))
    .map((path) => ({
      what: `make ${prefix + path}`,
      act: () => {
        mkdirSync(dirname(prefix + path), { recursive: true });
        // Whoever may write in the directory above must not have something else given to the user.
        mkdirSync(prefix + path);
        if (onHost) giveToUser(path);
      },
    }));
}

function sayWhatIsNext() {
  const { inputDir, written, onServer } = settings;
  if (!existsSync(inputDir)) command.note(`${inputDir} does not exist yet: the monitor waits for it`);
  else if (!userMay('read', inputDir)) command.note(`${USER} may not read ${inputDir}`);
  for (const path of written) {
    if (!userMay('write', path)) command.note(`${USER} may not write in ${path}: chown ${USER}: ${path}`);
  }
  if (onServer) {
    command.note(
      `the database is on a server: give the units a way to it by ${PROGRAM}/ops/systemd/postgresql.conf`,
    );
  }
  const services = SERVICES.join(' ');
  if (!hasSystemd()) command.note('systemd does not run here: the units wait for a host where it does');
  else if (isEnabled(SERVICES[0])) command.say(`next: systemctl try-restart ${services}`);
  else command.say(`next: look at ${SETTINGS}, then: systemctl enable --now ${services}`);
}
