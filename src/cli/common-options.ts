import { DEFAULT_PATTERN } from '../files.js';
import type { Environment } from './config.js';

/** What several commands take, in the same words everywhere. */
export const productsDbOption = {
  type: 'string',
  describe: 'SQLite database or postgresql:// URL [PIPELINE_PRODUCTS_DB]',
} as const;

export const statusFileOption = {
  type: 'string',
  describe: 'Status JSON [in PIPELINE_STATE_DIR, else beside the database]',
} as const;

export const patternOption = {
  type: 'string',
  default: DEFAULT_PATTERN,
  describe: 'Names of the files to read',
} as const;

export const watchDirOption = ({ inputDir }: Environment) =>
  ({ type: 'string', default: inputDir, describe: 'Where files arrive' }) as const;

export const createOption = {
  type: 'boolean',
  default: false,
  describe: 'Create an empty database where this host knows one that is missing',
} as const;
