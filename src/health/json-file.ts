import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';

/**
 * Replaces the file in one step, so that a reader sees the old text or the new, even after a power cut. A `mode` holds whatever the
 * umask.
 */
export async function writeJsonFile(path: string, value: object, mode?: number): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    // It may be left from a process of this number; a link in its place is removed, not followed.
    await rm(temporary, { force: true });
    const file = await open(temporary, 'wx', 0o644);
    try {
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Reading a pipe, for example, would wait forever. */
export async function readRegularFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${path} is not a file`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
