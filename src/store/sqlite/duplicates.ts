import { isOfFile } from '../precedence.js';

/**
 * Rows `h` of pointing_history that belong to no file although a file's own row of their observation is there. A repaired row of
 * the Python monitor, accurate to 0.03 s, becomes one if its file is read afterwards. Needs the ledger.
 */
export const IS_DUPLICATE = `
  NOT EXISTS (SELECT 1 FROM pointing_files AS f WHERE f.timestamp = h.timestamp) AND ${isOfFile('h.')}`;
