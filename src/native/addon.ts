import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.js';

/** A file of this package, by its path from the package's root. */
export const packageFile = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The same for people: what is installed has a path that outlives its release. */
export const shownFile = (name: string) =>
  packageFile(name).replace(/^\/opt\/pointing-monitor\.releases\/[^/]+/, '/opt/pointing-monitor');

/** What to do where a library of the program does not load in this Node or on this system. */
export const INSTALL_AGAIN =
  'run "npm run setup -- --production" with this Node and ops/install in the clone, or ./install of a newer release archive; then restart the services';

const FILE = packageFile('build/Release/pointing_monitor.node');
let loaded: unknown;

/**
 * The native addon (native/boundary), loaded when first asked for; `Face` is the part of it that the caller types. Every function
 * of it is synchronous on the calling thread unless it returns a promise. Throws a UsageError if it cannot be loaded.
 */
export function addon<Face>(): Face {
  loaded ??= load(FILE);
  return loaded as Face;
}

/** The same library as an extension of SQLite (native/sqlite). */
export function sqliteExtension(): string {
  addon();
  return FILE;
}

function load(path: string): unknown {
  try {
    return createRequire(import.meta.url)(path);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    const remedy = reason?.includes('shared object')
      ? `install that library, or ${INSTALL_AGAIN}`
      : INSTALL_AGAIN;
    throw new UsageError(`cannot load the native addon ${path} (${reason}): ${remedy}`);
  }
}
