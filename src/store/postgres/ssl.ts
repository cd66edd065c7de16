import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { UsageError } from '../../errors.js';

/** Without TLS, or how to use it. */
export type Ssl = false | ConnectionOptions;

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
/** The certificate authorities that Node brings. */
const SYSTEM = 'system';

/** A host of this machine's own: what is sent there does not leave it. */
const ON_HOST = /^(\/.*|localhost|127(\.\d+){3}|::1)$/i;

/**
 * What `sslmode` has psql try, in its order. Without one, `prefer` on this host and `verify-full` elsewhere: an unverified server
 * could be anyone, and would get the password. Throws a UsageError for a mode or file that is wrong.
 */
export function sslAttempts(value: (name: string) => string | undefined, address: string): readonly Ssl[] {
  const mode = value('sslmode');
  switch (mode) {
    case undefined:
      return ON_HOST.test(address) ? [encrypted(value), false] : [verified(value, rootOf(value) ?? SYSTEM)];
    case 'disable':
      return [false];
    case 'allow':
      return [false, encrypted(value)];
    case 'prefer':
      return [encrypted(value), false];
    case 'require':
      // With an authority it is verify-ca, as libpq has it for old programs.
      return [rootOf(value) === undefined ? encrypted(value) : authorityOnly(value)];
    case 'verify-ca':
      return [authorityOnly(value)];
    case 'verify-full':
      return [verified(value)];
    default:
      throw new UsageError(
        `PostgreSQL: sslmode ${JSON.stringify(mode.slice(0, 40))}: expected ${MODES.slice(0, -1).join(', ')} or ${MODES.at(-1)}`,
      );
  }
}

const encrypted = (value: (name: string) => string | undefined): ConnectionOptions => ({
  ...clientCertificate(value),
  rejectUnauthorized: false,
});

/** The certificate must be of the authority; whose name is in it does not matter. */
const authorityOnly = (value: (name: string) => string | undefined): ConnectionOptions => ({
  ...verified(value),
  checkServerIdentity: anyIdentity,
});
/** One function, so that equal options compare as equal. */
const anyIdentity = () => undefined;

function verified(value: (name: string) => string | undefined, root = rootOf(value)): ConnectionOptions {
  if (root === undefined)
    throw new UsageError(
      `PostgreSQL: sslmode ${value('sslmode')} needs the server's authority: set sslrootcert to its file, or to "system"`,
    );
  return { ...clientCertificate(value), ...(root !== SYSTEM && { ca: parameterFile('sslrootcert', root) }) };
}

function rootOf(value: (name: string) => string | undefined): string | undefined {
  const usual = join(homedir(), '.postgresql/root.crt');
  return value('sslrootcert') ?? (existsSync(usual) ? usual : undefined);
}

function clientCertificate(value: (name: string) => string | undefined): ConnectionOptions {
  const [cert, key] = [value('sslcert'), value('sslkey')];
  return {
    ...(cert && { cert: parameterFile('sslcert', cert) }),
    ...(key && { key: parameterFile('sslkey', key) }),
  };
}

/** A file that a parameter names, as text. Throws a UsageError. */
function parameterFile(parameter: string, path: string): string {
  try {
    return readFileSync(path.replace(/^~(?=\/)/, homedir()), 'utf8');
  } catch (error) {
    throw new UsageError(`PostgreSQL: cannot read the ${parameter} ${path}: ${(error as Error).message}`);
  }
}
