/** Paths on a host, without a prefix. */

/** A link to the current release. */
export const PROGRAM = '/opt/pointing-monitor';
/** The current release, the ones before it, and those that a monitor that was not restarted still runs. */
export const RELEASES = '/opt/pointing-monitor.releases';
/** What the last installation wrote, so that the next one can see edits. */
export const RECORD = `${RELEASES}/installed.json`;
export const SETTINGS = '/etc/contimg/contimg.env';
/** They can hold a credential: root writes them, the service's group reads them. */
export const SETTINGS_MODE = 0o640;
export const SYSUSERS = '/etc/sysusers.d/pointing-monitor.conf';
/** What the units remember of the databases that they wrote, away from them: their StateDirectory=. */
export const MEMORY = '/var/lib/pointing-monitor';
export const UNITS = '/etc/systemd/system';

export const USER = 'contimg';
/** Enabled by those who want it. */
export const BACKUP_TIMER = 'contimg-pointing-backup.timer';
export const BACKUP = 'contimg-pointing-backup.service';
export const SERVICES = ['contimg-pointing-monitor.service', 'contimg-pointing-api.service'];
