import { readFileSync, statSync } from 'node:fs';
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
