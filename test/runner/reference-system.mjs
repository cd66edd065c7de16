import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Debian 12 as root, set up by `npm run setup`: it has all that any test needs. */
export function isReferenceSystem() {
  try {
    const { ID, VERSION_ID } = parseEnv(readFileSync('/etc/os-release', 'utf8'));
    return ID === 'debian' && VERSION_ID === '12' && process.getuid() === 0;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}
