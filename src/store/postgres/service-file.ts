import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';

const SYSTEM_DIRECTORY = '/etc/postgresql-common';

/** The parameters of a service, from PGSERVICEFILE or ~/.pg_service.conf, else the system's file. Throws a UsageError without one. */
export function serviceParameters(service: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const files = [
    env.PGSERVICEFILE ?? join(homedir(), '.pg_service.conf'),
    join(env.PGSYSCONFDIR ?? SYSTEM_DIRECTORY, 'pg_service.conf'),
  ];
  for (const file of files.filter((each) => existsSync(each))) {
    const found = sectionOf(readFileSync(file, 'utf8'), service);
    if (found) return found;
  }
  throw new UsageError(`PostgreSQL: no service ${service} in ${files.join(' or ')}`);
}

function sectionOf(text: string, service: string): Record<string, string> | undefined {
  let section: Record<string, string> | undefined;
  for (const line of text.split('\n').map((each) => each.trim())) {
    const [, name] = /^\[(.*)\]$/.exec(line) ?? [];
    if (name !== undefined) {
      if (section) break;
      if (name === service) section = {};
    } else if (section && line !== '' && !line.startsWith('#')) {
      const [key = '', ...value] = line.split('=');
      section[key.trim()] = value.join('=').trim();
    }
  }
  return section;
}
