/** The settings of a host: from contimg.env if it exists, otherwise from the options. */
import { dirname, isAbsolute } from 'node:path';
import { parseEnv } from 'node:util';

const DEFAULT = { inputDir: '/data/incoming', stateDir: '/data/dsa110-contimg/state' };
const OPTION = { inputDir: '--input-dir', stateDir: '--state-dir' };
const VARIABLE = { inputDir: 'CONTIMG_INPUT_DIR', stateDir: 'PIPELINE_STATE_DIR' };

/** `text` is that of contimg.env, or undefined before the first installation. Throws an Error with a message for the user. */
export function siteSettings(text, options) {
  const said = text === undefined ? {} : parseEnv(text);
  const directory = (key) => {
    const given = options[OPTION[key].slice(2)];
    const standing = said[VARIABLE[key]];
    if (given !== undefined && text !== undefined && given !== (standing || DEFAULT[key])) {
      throw new Error(
        `${OPTION[key]} ${given}: contimg.env has ${standing || DEFAULT[key]}: edit ${VARIABLE[key]} there instead`,
      );
    }
    return plainPath(standing || given || DEFAULT[key], text === undefined ? OPTION[key] : VARIABLE[key]);
  };
  const stateDir = directory('stateDir');
  const productsDb = said.PIPELINE_PRODUCTS_DB || `${stateDir}/products.sqlite3`;
  const onServer = /^postgres(ql)?:\/\//.test(productsDb);
  if (!onServer) plainPath(productsDb, 'PIPELINE_PRODUCTS_DB');
  return {
    inputDir: directory('inputDir'),
    stateDir,
    productsDb,
    onServer,
    /** The directories that the units write to. */
    written: [...new Set([stateDir, ...(onServer ? [] : [dirname(productsDb)])])],
  };
}

/** The template with this host's directories instead of the default ones. */
export function withDirectories(template, { inputDir, stateDir }) {
  const own = { [DEFAULT.stateDir]: stateDir, [DEFAULT.inputDir]: inputDir };
  return template.replaceAll(new RegExp(Object.keys(own).join('|'), 'g'), (usual) => own[usual]);
}

/** Units, settings and logrotate each quote special characters differently, so none are allowed. */
function plainPath(path, name) {
  if (isAbsolute(path) && /^[\w./+:@-]+$/.test(path)) return path.replace(/(?<=.)\/+$/, '');
  throw new Error(`${name} ${path}: expected an absolute path of letters, digits and . _ - + : @ /`);
}
