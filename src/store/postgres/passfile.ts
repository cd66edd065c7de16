import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a line of a password file is looked up by; a local socket is `localhost`. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

const OF_OTHERS = 0o077;

/** The password of the first line that fits, as libpq reads ~/.pgpass: a file that others can read is passed over. */
export function passwordFromFile(
  { host, port, database, user }: Login,
  path = join(homedir(), '.pgpass'),
): string | undefined {
  const wanted = [host, String(port), database, user];
  for (const line of linesOf(path)) {
    // A backslash keeps a colon or a backslash from its meaning.
    const fields = [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/gs)].map(([, field = '']) =>
      field.replaceAll(/\\(.)/gs, '$1'),
    );
    if (line.startsWith('#') || fields.length < wanted.length + 1) continue;
    if (wanted.every((each, i) => fields[i] === '*' || fields[i] === each)) return fields[wanted.length];
  }
  return undefined;
}

/** What is wrong with the password file, for a line that begins like this. */
export function whyNoPassword(line: string, path = join(homedir(), '.pgpass')): string {
  const add = `add the line ${line}:PASSWORD`;
  try {
    if (statSync(path).mode & OF_OTHERS)
      return `other users can read ${path}, so it is not used: chmod 600 it`;
    accessSync(path, constants.R_OK);
    return `${path} has no line for it: ${add}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return `this user cannot read ${path}`;
    return `there is no ${path}: create it with mode 0600 and ${add}, or name another file in PGPASSFILE`;
  }
}

function linesOf(path: string): string[] {
  try {
    const { mode } = statSync(path);
    if (mode & OF_OTHERS) return [];
    return readFileSync(path, 'utf8').split(/\r?\n/);
  } catch {
    // It is optional; a server that wants a password asks for one.
    return [];
  }
}
