/** What several commands take, in the same words everywhere. */
import { DEFAULT_PATTERN } from '../../files.js';
import type { Flag, Positional, Value } from './types.js';

export const USAGE = [2, 'bad usage'] as const;

const database = {
  kind: 'text',
  value: 'DATABASE',
  describe: 'SQLite file or postgresql:// URL',
  environment: 'PIPELINE_PRODUCTS_DB',
  completes: 'database',
} as const satisfies Value;

export const productsDb = database satisfies Positional;

export const watchDir = {
  kind: 'text',
  value: 'DIRECTORY',
  describe: 'Directory where files arrive',
  environment: 'CONTIMG_INPUT_DIR',
  default: '/data/incoming',
  completes: 'directory',
} as const satisfies Positional;

export const statusFile = {
  kind: 'text',
  value: 'FILE',
  describe: 'Status file',
  otherwise: '`pointing-monitor-status.json` in `PIPELINE_STATE_DIR`, else beside the SQLite database',
  completes: 'file',
} as const satisfies Flag;

export const pattern = {
  kind: 'text',
  value: 'GLOB',
  environment: 'PIPELINE_PATTERN',
  default: DEFAULT_PATTERN,
  describe: 'Names of the files to read',
} as const satisfies Flag;

/** A number within bounds. */
export const number = (unit: string, min: number, max: number) =>
  ({ kind: 'number', unit, min, max }) as const satisfies Partial<Value>;

/** A whole number. */
export const count = (unit: string, min: number, max: number) =>
  ({ ...number(unit, min, max), whole: true }) as const satisfies Partial<Value>;

/** A switch that is off unless given. */
export const off = (describe: string, detail?: string) =>
  ({ kind: 'switch', default: false, describe, ...(detail && { detail }) }) as const satisfies Flag;

export const followLinks = off(
  'Also read below symbolic links to directories',
  'Each directory once, however many links lead to it. Events do not cross links: scans find files there.',
);

export const create = off(
  'Create an empty database even if this host knows one that is missing',
  'Without it, a database that had rows and is gone counts as missing, because its file system might not be mounted.',
);

export const CSV_TEXT =
  'In CSV, text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front, so that no spreadsheet takes it for a formula.';

export const productsDbFlag = (detail: string) => ({ ...database, detail }) as const satisfies Flag;

const TIME_FORMS =
  'A time is `2026-01-02`, `2026-01-02 03:04`, `2026-01-02T03:04:05Z`, an MJD such as `61042.5`, `-3d` or `+3d` (also `w`, `h` and `m` for minutes), `now`, `yesterday`, `today` or `tomorrow`, always UTC.';

/** A range of times, which `timeRange` reads. */
export const timeFlags = (otherwise: string) =>
  ({
    from: {
      kind: 'time',
      describe: 'Start of the range: a date or time',
      detail: `${TIME_FORMS} An observation lies in a range by the middle of its time.`,
      otherwise,
    },
    to: { kind: 'time', describe: 'End of the range: a date (inclusive) or time' },
    'days-back': { ...number('d', 0, 36525), describe: 'Days before now, instead of --from' },
    'days-ahead': { ...number('d', 0, 36525), describe: 'Days after now, instead of --to' },
  }) as const satisfies Record<string, Flag>;

export const sourceName = {
  kind: 'text',
  value: 'NAME',
  describe: 'A calibrator, such as 3C286, 1331+305 or J1331+3030, or a bright source, such as CasA',
  otherwise: 'all',
  completes: 'calibrator',
} as const satisfies Positional;

/** Flags that name a source, or set how bright the calibrators must be. */
export const sourceFlags = {
  ra: { ...number('deg', 0, 360), describe: 'ICRS right ascension of any other source' },
  dec: { ...number('deg', -90, 90), describe: 'Its ICRS declination' },
  'min-flux-jy': {
    ...number('Jy', 0, 1e6),
    default: 1,
    describe: 'Without a name: minimum flux density at 20 cm; 0 includes those without one in the list',
    formerly: ['least-flux-jy'],
  },
} as const satisfies Record<string, Flag>;

export const jumpThreshold = (describe: string) =>
  ({ ...number('deg', 0, 180), default: 0.1, describe }) as const satisfies Flag;

export const logFlags = {
  'log-level': {
    kind: 'choice',
    choices: ['DEBUG', 'INFO', 'WARNING', 'ERROR'],
    synonyms: { CRITICAL: 'ERROR' },
    ignoresCase: true,
    environment: 'CONTIMG_LOG_LEVEL',
    default: 'INFO',
    describe: 'Least severe messages to log',
    detail:
      '`DEBUG` logs every file and every scan; `WARNING` logs only problems. `CRITICAL` is taken as `ERROR`.',
  },
  'log-format': {
    kind: 'choice',
    choices: ['words', 'json'],
    environment: 'CONTIMG_LOG_FORMAT',
    otherwise: 'words; JSON where stderr is a pipe or a file',
    describe: 'Log plain lines or one JSON object per message',
    detail: 'Applies to the journal, log files and stderr.',
  },
} as const satisfies Record<string, Flag>;

export const reader = {
  kind: 'choice',
  choices: ['auto', 'direct', 'libhdf5'],
  default: 'auto',
  describe: 'Reader to use',
  detail: '`direct` reports files that it declines as `unsupported`; `libhdf5` alone is twenty times slower.',
} as const satisfies Flag;

const OTHERWISE = "from the files, else the DSA-110's";

/** What holds in place of what files say of their instruments, which `overridesOf` reads. */
export const instrumentFlags = {
  longitude: {
    ...number('deg', -180, 360),
    environment: 'PIPELINE_LONGITUDE',
    describe: 'Geodetic longitude of the telescope, east positive',
    otherwise: OTHERWISE,
  },
  latitude: {
    ...number('deg', -90, 90),
    environment: 'PIPELINE_LATITUDE',
    describe: 'Geodetic latitude of the telescope',
    otherwise: OTHERWISE,
  },
  height: {
    ...number('m', -1000, 10_000),
    environment: 'PIPELINE_HEIGHT',
    describe: 'Height of the telescope above the WGS84 ellipsoid',
    otherwise: OTHERWISE,
  },
  'dish-m': {
    ...number('m', 0.1, 1000),
    environment: 'PIPELINE_DISH_M',
    describe: 'Diameter of the dishes, which gives the primary beam',
    otherwise: OTHERWISE,
  },
  'frequency-mhz': {
    ...number('MHz', 1, 1_000_000),
    environment: 'PIPELINE_FREQUENCY_MHZ',
    describe: 'Frequency at which the primary beam is computed',
    otherwise: "the middle of each file's band; 1400 for the DSA-110, whose files hold one sub-band each",
  },
} as const satisfies Record<string, Flag>;

/** Its flag, of commands that print it. */
export const telescopeName = {
  name: {
    kind: 'text',
    value: 'NAME',
    environment: 'PIPELINE_TELESCOPE_NAME',
    describe: 'Name of the telescope',
    otherwise: OTHERWISE,
  },
} as const satisfies Record<string, Flag>;

/** Keeps a command's own names and choices as types. */
export function command<const C extends import('./types.js').Command>(definition: C): C {
  return definition;
}
