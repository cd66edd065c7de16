import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What stilts finds wrong with a VOTable, given as a path or address. Newer versions also remark on what is right. */
export async function votlint(votable: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('stilts', ['votlint', `votable=${votable}`]);
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('INFO'));
}
