/** Where things go on a host, without any prefix. */

/** A link to the release in use. */
export const PROGRAM = '/opt/pointing-monitor';
/** The release in use and the one before it, to which a monitor that has not been restarted still belongs. */
export const RELEASES = '/opt/pointing-monitor.releases';
/** What the last installation wrote, so that the next one sees what has been edited since. */
export const RECORD = `${RELEASES}/installed.json`;
export const SETTINGS = '/etc/contimg/contimg.env';
export const SYSUSERS = '/etc/sysusers.d/pointing-monitor.conf';
export const UNITS = '/etc/systemd/system';

export const USER = 'contimg';
export const SERVICES = ['contimg-pointing-monitor.service', 'contimg-pointing-api.service'];
