import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import { UsageError } from '../../errors.js';
import { passwordFromFile, whyNoPassword } from './passfile.js';
import { serviceParameters } from './service-file.js';
import { sslAttempts } from './ssl.js';

/** The parameters of libpq by their names in a URL, each with its variable of the environment. */
const VARIABLES: Readonly<Record<string, string | undefined>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  service: 'PGSERVICE',
  passfile: 'PGPASSFILE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
};
/** What libpq knows and makes no difference here. */
const WITHOUT_EFFECT =
  /^(fallback_application_name|client_encoding|connect_timeout|keepalives\w*|tcp_user_timeout|gssencmode|sslcompression|sslsni|load_balance_hosts)$/;
const SOCKET_DIRECTORY = '/var/run/postgresql';
const DEFAULT_PORT = 5432;

type Parameters = Readonly<Record<string, string | undefined>>;

/**
 * The servers that a URL names and the ways to reach each, in the order in which psql would try them: several hosts, every
 * `sslmode`, the PG* variables, service and password files. Throws a UsageError that names what is wrong, never the URL.
 */
export function attemptsOf(location: string, env: NodeJS.ProcessEnv = process.env): readonly ClientConfig[] {
  const given = parametersOf(location);
  const service = given.service ?? env.PGSERVICE;
  const fromService = service ? serviceParameters(service, env) : {};
  const value = (name: string): string | undefined => {
    const variable = VARIABLES[name];
    return given[name] || fromService[name] || (variable && env[variable]) || undefined;
  };
  if (!['any', undefined].includes(value('target_session_attrs')))
    throw new UsageError('PostgreSQL: target_session_attrs is not supported: name the primary server first');
  const user = value('user') ?? systemUser();
  const database = value('dbname') ?? user;
  return serversOf(value).flatMap(({ host, port, name }) => {
    const local = host.startsWith('/');
    const login = { host: local ? 'localhost' : name, port, database, user };
    const password = value('password') ?? passwordFromFile(login, value('passfile'));
    const ssl = local ? [false as const] : sslAttempts(value, host);
    return ssl.map((each) => ({
      host,
      port,
      user,
      database,
      // An empty one has the server say that it wants one.
      password: password ?? '',
      // The name that the certificate must have: the library gives none for an address.
      ssl: each && { ...each, host: name },
      ...(value('options') && { options: value('options') as string }),
      application_name: value('application_name') ?? 'pointing-monitor',
    }));
  });
}

/** What a user needs to know whose password the server wants; undefined if one is given. */
export function missingPassword(location: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const [first] = attemptsOf(location, env);
  if (first?.password !== '') return undefined;
  const { user, database, host, port } = first;
  const file = parametersOf(location).passfile ?? env.PGPASSFILE;
  return `the password of the user ${user}: ${whyNoPassword(`${host}:${port}:${database}:${user}`, file)}`;
}

/** What the URL itself says. */
function parametersOf(location: string): Parameters {
  const [, authority = '', path = '', query = ''] =
    /^[a-z]+:\/\/([^/?]*(?:@[^/?]*)?)(?:\/([^?]*))?(?:\?(.*))?$/is.exec(location) ?? [];
  const at = authority.lastIndexOf('@');
  const [user = '', ...password] = authority.slice(0, Math.max(at, 0)).split(':');
  const hosts = authority
    .slice(at + 1)
    .split(',')
    .map(hostAndPort);
  const found: Record<string, string> = {
    user: decoded(user),
    password: decoded(password.join(':')),
    dbname: decoded(path),
    host: hosts.map(({ host }) => host).join(','),
    port: hosts.some(({ port }) => port !== '') ? hosts.map(({ port }) => port).join(',') : '',
  };
  for (const each of query.split('&').filter(Boolean)) {
    const [name = '', ...text] = each.split('=');
    const key = decoded(name);
    if (WITHOUT_EFFECT.test(key)) continue;
    if (!Object.hasOwn(VARIABLES, key))
      throw new UsageError(
        `PostgreSQL: the URL's parameter ${JSON.stringify(key.slice(0, 40))} is not supported`,
      );
    found[key] = decoded(text.join('='));
  }
  return found;
}

function hostAndPort(text: string): { host: string; port: string } {
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(text) ?? [];
  if (text !== '' && bracketed === undefined && plain === '' && port === '') throw unreadable();
  return { host: decoded(bracketed ?? plain), port: decoded(port) };
}

interface Server {
  /** Where to connect: a name, an address or the directory of a socket. */
  readonly host: string;
  /** What the user calls it. */
  readonly name: string;
  readonly port: number;
}

function serversOf(value: (name: string) => string | undefined): Server[] {
  const names = (value('host') ?? '').split(',');
  const hosts = (value('hostaddr') ?? value('host') ?? '').split(',');
  const ports = (value('port') ?? '').split(',');
  if (ports.length > 1 && ports.length !== hosts.length)
    throw new UsageError(
      `PostgreSQL: ${ports.length} ports for ${hosts.length} hosts: give one each, or one for all`,
    );
  return hosts.map((host, i) => {
    const text = (ports.length > 1 ? ports[i] : ports[0]) || String(DEFAULT_PORT);
    const port = Number(text);
    if (!/^\d+$/.test(text) || port < 1 || port > 65535)
      throw new UsageError('PostgreSQL: the port must be a number from 1 to 65535');
    const address = host || defaultHost(port);
    return { host: address, port, name: names[i] || address };
  });
}

/** As psql of Debian: the local socket, if it exists. */
const defaultHost = (port: number) =>
  existsSync(join(SOCKET_DIRECTORY, `.s.PGSQL.${port}`)) ? SOCKET_DIRECTORY : 'localhost';

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw new UsageError('PostgreSQL: no user: name one in the URL or set PGUSER');
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable();
  }
}

const unreadable = () =>
  new UsageError(
    'cannot parse the PostgreSQL URL: write postgresql://user@host:port/database, with special characters in user and password as %XX',
  );
