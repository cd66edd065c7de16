import { join } from 'node:path';
import { judged } from '../health/judged-status.js';
import { readStatusFile } from '../health/status-file.js';
import { severityOf } from '../issues.js';
import { within } from '../monotonic.js';
import { type Check, failed, ok, warning } from './check.js';

const ANSWER_SECONDS = 10;

/** What the monitor of a directory says of itself; nothing if the state directory has no status of its. */
export async function checkMonitor(
  directory: string,
  stateDir = process.env.PIPELINE_STATE_DIR,
): Promise<Check[]> {
  const name = 'monitor';
  if (!stateDir) return [];
  const file = join(stateDir, 'pointing-monitor-status.json');
  const reading = await within(ANSWER_SECONDS, readStatusFile(file));
  if (reading === undefined) return [failed(name, `${file} is not responding: check its file system`)];
  if (reading.error !== undefined) return [warning(name, reading.error)];
  if (reading.status.watch_dir !== directory) return [];
  const { issues, issue_codes } = judged(reading);
  const { running, warnings, pid } = reading.status;
  if (!running) return [warning(name, issues.join('; '))];
  const found = [
    ...issues.map((message, i) => {
      const code = issue_codes[i];
      return code === undefined || severityOf(code) === 'page'
        ? failed(name, message)
        : warning(name, message);
    }),
    ...warnings.map((message) => warning(name, message)),
  ];
  return found.length > 0 ? found : [ok(name, pid === undefined ? 'healthy' : `process ${pid} is healthy`)];
}
