/** The settings of a host: from contimg.env if it exists, then from the replaced unit, and from the options. */
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { parseEnv } from 'node:util';

const DEFAULT = { inputDir: '/data/incoming', stateDir: '/data/dsa110-contimg/state' };
const OPTION = { inputDir: '--input-dir', stateDir: '--state-dir' };
const VARIABLE = { inputDir: 'CONTIMG_INPUT_DIR', stateDir: 'PIPELINE_STATE_DIR' };

/**
 * `text` is that of contimg.env, or undefined before the first installation; `old` has the variables of the unit that is
 * replaced, for what contimg.env lacks. Throws an Error with a message for the user.
 */
export function siteSettings(text, options, { prefix = '', old = {} } = {}) {
  const said = { ...old, ...parseEnv(text ?? '') };
  const directory = (key) => {
    const given = options[OPTION[key].slice(2)];
    const configured = said[VARIABLE[key]];
    if (text === undefined) return plainPath(given || configured || DEFAULT[key], OPTION[key]);
    if (given !== undefined && given !== (configured || DEFAULT[key])) {
      throw new Error(
        `${OPTION[key]} ${given}: contimg.env has ${configured || DEFAULT[key]}: edit ${VARIABLE[key]} there instead`,
      );
    }
    return plainPath(configured || DEFAULT[key], VARIABLE[key]);
  };
  const stateDir = directory('stateDir');
  const productsDb = said.PIPELINE_PRODUCTS_DB || `${stateDir}/products.sqlite3`;
  const onServer = /^postgres(ql)?:\/\//i.test(productsDb);
  // Not shown: there may be a password in it.
  if (!onServer && /^["'\s]*postgres(ql)?:/i.test(productsDb))
    throw new Error('PIPELINE_PRODUCTS_DB is no PostgreSQL URL: write postgresql://USER@HOST/NAME');
  if (!onServer) plainPath(productsDb, 'PIPELINE_PRODUCTS_DB');
  const real = (path) => plainPath(withoutLinks(path, prefix), path);
  const backupDir = plainPath(said.POINTING_BACKUP_DIR || `${stateDir}/backups`, 'POINTING_BACKUP_DIR');
  const inputDir = directory('inputDir');
  const settings = {
    inputDir,
    stateDir,
    productsDb,
    onServer,
    logLevel: said.CONTIMG_LOG_LEVEL || 'INFO',
    /** Where backups go, and where a link of that name leads. */
    backupDirs: [...new Set([backupDir, real(backupDir)])],
    /** The directories that the units write to. SQLite writes beside the file that a link leads to. */
    written: [
      ...new Set([
        stateDir,
        real(stateDir),
        ...(onServer ? [] : [dirname(productsDb), dirname(real(productsDb))]),
      ]),
    ],
  };
  const both = [...settings.written, ...settings.backupDirs].find((path) => real(path) === real(inputDir));
  // Of a path that is both, systemd lets its units read alone.
  if (both !== undefined)
    throw new Error(
      `${both} is the watched directory, which the units may only read: put the database, the state directory and the backups elsewhere, such as into a directory below it`,
    );
  return settings;
}

/** The template with this host's directories instead of the default ones. */
export function withDirectories(template, { inputDir, stateDir }) {
  const own = { [DEFAULT.stateDir]: stateDir, [DEFAULT.inputDir]: inputDir };
  return template.replaceAll(new RegExp(Object.keys(own).join('|'), 'g'), (usual) => own[usual]);
}

/** The template of contimg.env with this host's values. */
export function withSettings(template, settings) {
  return withDirectories(template, settings)
    .replace(/^PIPELINE_PRODUCTS_DB=.*$/m, () => `PIPELINE_PRODUCTS_DB=${settings.productsDb}`)
    .replace(/^CONTIMG_LOG_LEVEL=.*$/m, () => `CONTIMG_LOG_LEVEL=${settings.logLevel}`);
}

/** Units, settings and logrotate each quote special characters differently, so none are allowed. */
function plainPath(path, name) {
  if (isAbsolute(path) && /^[\w./+:@-]+$/.test(path)) return path.replace(/(?<=.)\/+$/, '');
  throw new Error(`${name} ${path}: expected an absolute path of letters, digits and . _ - + : @ /`);
}

/** Where a path leads, as the host sees it, or would lead once its file or disk is there. */
function withoutLinks(path, prefix, links = 40) {
  try {
    const real = realpathSync(prefix + path);
    const base = prefix === '' ? '' : realpathSync(prefix);
    return real.startsWith(`${base}/`) ? real.slice(base.length) : real;
  } catch {
    const isLink = lstatSync(prefix + path, { throwIfNoEntry: false })?.isSymbolicLink();
    if (!isLink || links === 0) return path;
    const directory = withoutLinks(dirname(path), prefix, links - 1);
    return withoutLinks(resolve(directory, readlinkSync(prefix + path)), prefix, links - 1);
  }
}
