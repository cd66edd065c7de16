/** The Python monitor's unit, which has the name of ours. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { PROGRAM, SERVICES, UNITS } from './places.mjs';
import { textOf } from './record.mjs';

const VARIABLES = ['CONTIMG_INPUT_DIR', 'PIPELINE_PRODUCTS_DB', 'PIPELINE_STATE_DIR', 'CONTIMG_LOG_LEVEL'];

/** Whether the unit that stands in the place of ours runs another program. */
export function isForeignUnit(prefix) {
  const text = textOf(prefix + join(UNITS, SERVICES[0]));
  return text !== undefined && !text.includes(PROGRAM);
}

/** Drop-ins in /etc of a unit of that name, whosever it is, in the order in which systemd reads them. */
export function dropIns(prefix) {
  const directory = join(UNITS, `${SERVICES[0]}.d`);
  if (!existsSync(prefix + directory)) return [];
  return readdirSync(prefix + directory)
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .map((name) => join(directory, name));
}

/** The variables that unit gives its program: those of its environment files win, as in systemd. */
export function foreignSettings(prefix) {
  const text = [join(UNITS, SERVICES[0]), ...dropIns(prefix)]
    .map((path) => textOf(prefix + path) ?? '')
    .join('\n');
  const values = (key) => [...text.matchAll(new RegExp(`^${key}=-?(.*)$`, 'gm'))].map(([, value]) => value);
  const files = values('EnvironmentFile').map((path) => parseEnv(textOf(prefix + path.trim()) ?? ''));
  const said = Object.assign({}, ...values('Environment').flatMap(assignments), ...files);
  return Object.fromEntries(VARIABLES.flatMap((name) => (said[name] ? [[name, said[name]]] : [])));
}

/** `A=1 "B=two words"`, as in systemd.exec(5). */
const assignments = (line) =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => {
    const assignment = double ?? single ?? bare;
    const end = assignment.indexOf('=');
    const value = assignment.slice(end + 1).replace(/^(["'])(.*)\1$/, '$2');
    return end > 0 ? { [assignment.slice(0, end)]: value } : {};
  });
