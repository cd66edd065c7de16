/** Paths on a host, without a prefix. */

/** A link to the current release. */
export const PROGRAM = '/opt/pointing-monitor';
/** The current release and the one before it, which a monitor that was not restarted still runs. */
export const RELEASES = '/opt/pointing-monitor.releases';
/** What the last installation wrote, so that the next one can see edits. */
export const RECORD = `${RELEASES}/installed.json`;
export const SETTINGS = '/etc/contimg/contimg.env';
export const SYSUSERS = '/etc/sysusers.d/pointing-monitor.conf';
export const UNITS = '/etc/systemd/system';

export const USER = 'contimg';
export const SERVICES = ['contimg-pointing-monitor.service', 'contimg-pointing-api.service'];
