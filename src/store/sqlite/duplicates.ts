import { SAME_OBSERVATION_DAYS } from '../precedence.js';

/**
 * Rows `h` of pointing_history that are of no file while a file's row lies within half a second: one observation twice. A row of
 * the Python monitor whose time was won back, good to 0.03 s, becomes one when its file is read afterwards. Needs the ledger.
 */
export const IS_DUPLICATE = `
  NOT EXISTS (SELECT 1 FROM pointing_files AS f WHERE f.timestamp = h.timestamp)
  AND EXISTS (SELECT 1 FROM pointing_files AS f
    WHERE f.timestamp BETWEEN h.timestamp - ${SAME_OBSERVATION_DAYS} AND h.timestamp + ${SAME_OBSERVATION_DAYS})`;
