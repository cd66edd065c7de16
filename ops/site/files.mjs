/** The files outside the program's own tree, with this host's paths. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BACKUP, SETTINGS, SETTINGS_MODE, SYSUSERS, UNITS } from './places.mjs';
import { withDirectories, withSettings } from './settings.mjs';

const NODE = '/usr/bin/node';

/** A list of `{ path, text, mode }`. `node` is the path of the Node that runs the program. */
export function siteFiles(root, settings, node) {
  const source = (name) => readFileSync(join(root, 'ops', name), 'utf8').replaceAll(NODE, node);
  const units = readdirSync(join(root, 'ops/systemd')).filter((name) => /\.(service|timer)$/.test(name));
  const file = (path, text, mode = 0o644) => ({ path, text, mode });
  return [
    ...units.map((name) => file(`${UNITS}/${name}`, unit(name, source(`systemd/${name}`), settings))),
    file(SYSUSERS, source('systemd/sysusers.conf')),
    file(
      '/etc/logrotate.d/pointing-monitor',
      withDirectories(source('logrotate/pointing-monitor'), settings),
    ),
    file(
      '/usr/local/share/bash-completion/completions/pointing-monitor',
      source('completion/pointing-monitor.bash'),
    ),
    file('/usr/local/share/zsh/site-functions/_pointing-monitor', source('completion/_pointing-monitor')),
    file(
      '/usr/local/share/fish/vendor_completions.d/pointing-monitor.fish',
      source('completion/pointing-monitor.fish'),
    ),
    file('/usr/local/share/man/man1/pointing-monitor.1', source('man/pointing-monitor.1')),
    file('/usr/local/bin/pointing-monitor', source('site/launcher.sh'), 0o755),
  ];
}

export function settingsFile(root, settings) {
  const template = readFileSync(join(root, 'ops/contimg.env'), 'utf8');
  return { path: SETTINGS, template, text: withSettings(template, settings), mode: SETTINGS_MODE };
}

function unit(name, text, { inputDir, written, backupDirs }) {
  const directories = name === BACKUP ? [...new Set([...written, ...backupDirs])] : written;
  return text
    .replace(/^RequiresMountsFor=.*$/m, `RequiresMountsFor=${directories.join(' ')}`)
    .replace(/^ReadOnlyPaths=.*$/m, `ReadOnlyPaths=-${inputDir}`)
    .replace(/^ReadWritePaths=.*$/m, directories.map((path) => `ReadWritePaths=-${path}`).join('\n'))
    .replace(/^(Environment=POINTING_BACKUP_DIR)=.*$/m, `$1=${backupDirs[0]}`);
}
