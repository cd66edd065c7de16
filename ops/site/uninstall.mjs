/** `ops/uninstall`: takes away what `ops/install` put there. Never the database, the status file or the logs. */
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from './command.mjs';
import { hasSystemd, run, userIds } from './host.mjs';
import { PROGRAM, RELEASES, SERVICES, SETTINGS, UNITS, USER } from './places.mjs';
import { readRecord, sha256, textOf } from './record.mjs';

const USAGE = `ops/uninstall [--prefix DIR] [--dry-run] [--purge]

Stops the services and takes away what ops/install put there. The database, the status file and the logs stay, and so do
an edited ${SETTINGS} and the user ${USER}.

  --prefix DIR  what was installed below DIR
  --dry-run     says what would be done, and changes nothing
  --purge       also the edited settings and the user; still neither database nor logs
`;

const command = new Command('uninstall', USAGE);
const { prefix, 'dry-run': dryRun, purge } = command.options({ purge: { type: 'boolean' } });
const onHost = prefix === '';

if (onHost && !dryRun && process.getuid() !== 0)
  command.fail('not root: run it with sudo, or with --prefix DIR');
const record = readRecord(prefix);
if (!record) command.fail(`nothing is installed${onHost ? '' : ` below ${prefix}`}`);

command.run(
  [
    ...(onHost && hasSystemd() ? [{ what: 'stop and disable the services', act: stopServices }] : []),
    ...Object.keys(record.files)
      .filter((path) => path !== SETTINGS && isThere(path))
      .map(removal),
    ...settingsSteps(),
    ...[PROGRAM, RELEASES].filter(isThere).map(removal),
    ...(onHost && hasSystemd()
      ? [{ what: 'have systemd read its units', act: () => run('systemctl', ['daemon-reload']) }]
      : []),
    ...(onHost && purge && userIds()
      ? [{ what: `remove the user ${USER}`, act: () => run('userdel', [USER]) }]
      : []),
  ],
  { dryRun },
);

function stopServices() {
  run('systemctl', ['stop', 'contimg-pointing-backfill@*.service']);
  // None is left where an earlier removal was interrupted.
  const services = SERVICES.filter((name) => isThere(`${UNITS}/${name}`));
  if (services.length > 0) run('systemctl', ['disable', '--now', ...services]);
}

function settingsSteps() {
  const text = textOf(prefix + SETTINGS);
  if (text !== undefined && sha256(text) !== record.files[SETTINGS] && !purge) {
    command.note(`${prefix + SETTINGS} has been edited and stays; --purge removes it`);
    return [];
  }
  return [SETTINGS, `${SETTINGS}.new`].filter(isThere).map(removal);
}

function isThere(path) {
  return lstatSync(prefix + path, { throwIfNoEntry: false }) !== undefined;
}

/** With a directory of ours that it leaves empty. */
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
