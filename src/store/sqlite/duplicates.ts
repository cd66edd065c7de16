import { HAS_POSITION } from '../plausible.js';
import { SAME_OBSERVATION_DAYS } from '../precedence.js';

/**
 * Rows `h` of pointing_history that belong to no file although a file's own row is there within half a second: the same observation
 * twice. A repaired row of the Python monitor, accurate to 0.03 s, becomes one if its file is read afterwards. Needs the
 * ledger.
 */
export const IS_DUPLICATE = `
  NOT EXISTS (SELECT 1 FROM pointing_files AS f WHERE f.timestamp = h.timestamp)
  AND EXISTS (SELECT 1 FROM pointing_files AS f
    WHERE f.timestamp BETWEEN h.timestamp - ${SAME_OBSERVATION_DAYS} AND h.timestamp + ${SAME_OBSERVATION_DAYS}
      AND EXISTS (SELECT 1 FROM pointing_history AS own WHERE own.timestamp = f.timestamp AND ${HAS_POSITION}))`;
