import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * Debian 12 with Node 20, as root, set up by `npm run setup`: it has all that any test needs. Later versions of Node do not let a
 * process become another user where they have an io_uring.
 */
export function isReferenceSystem({
  osRelease = readOsRelease(),
  node = process.versions.node,
  uid = process.getuid(),
} = {}) {
  const { ID, VERSION_ID } = parseEnv(osRelease);
  return ID === 'debian' && VERSION_ID === '12' && node.startsWith('20.') && uid === 0;
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
