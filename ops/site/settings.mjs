/** The settings of a host: what contimg.env says where there is one, else what the options say. */
import { dirname, isAbsolute } from 'node:path';
import { parseEnv } from 'node:util';

const DEFAULT = { inputDir: '/data/incoming', stateDir: '/data/dsa110-contimg/state' };
const OPTION = { inputDir: '--input-dir', stateDir: '--state-dir' };
const VARIABLE = { inputDir: 'CONTIMG_INPUT_DIR', stateDir: 'PIPELINE_STATE_DIR' };

/** `text` is that of contimg.env, undefined before there is one. Throws an Error that says what is wrong. */
export function siteSettings(text, options) {
  const said = text === undefined ? {} : parseEnv(text);
  const directory = (key) => {
    const given = options[OPTION[key].slice(2)];
    const standing = said[VARIABLE[key]];
    if (given !== undefined && text !== undefined && given !== (standing || DEFAULT[key])) {
      throw new Error(
        `${OPTION[key]} ${given}: contimg.env says ${standing || DEFAULT[key]}, and it stands; edit ${VARIABLE[key]} there`,
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
    /** The directories that the units write in. */
    written: [...new Set([stateDir, ...(onServer ? [] : [dirname(productsDb)])])],
  };
}

/** The template with this host's directories in place of the usual ones. */
export function withDirectories(template, { inputDir, stateDir }) {
  const own = { [DEFAULT.stateDir]: stateDir, [DEFAULT.inputDir]: inputDir };
  return template.replaceAll(new RegExp(Object.keys(own).join('|'), 'g'), (usual) => own[usual]);
}

/** Units, settings and logrotate would each want other characters quoted in a way of their own. */
function plainPath(path, name) {
  if (isAbsolute(path) && /^[\w./+:@-]+$/.test(path)) return path.replace(/(?<=.)\/+$/, '');
  throw new Error(`${name} ${path}: expected an absolute path of letters, digits and . _ - + : @ /`);
}
