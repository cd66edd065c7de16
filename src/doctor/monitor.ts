import { judged } from '../health/judged-status.js';
import { readStatusFile } from '../health/status-file.js';
import { severityOf } from '../issues.js';
import { within } from '../monotonic.js';
import { type Check, failed, ok, warning } from './check.js';

const ANSWER_SECONDS = 10;

/** What the monitor of a directory says of itself; nothing if the status file is of another directory's monitor. */
export async function checkMonitor(directory: string, statusFile: string): Promise<Check[]> {
  const name = 'monitor';
  const reading = await within(ANSWER_SECONDS, readStatusFile(statusFile));
  if (reading === undefined) return [failed(name, `${statusFile} is not responding: check its file system`)];
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
