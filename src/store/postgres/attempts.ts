import pg from 'pg';
import { isBusy, isReadOnlyServer } from './error.js';

/**
 * What `connect` gives for the first attempt that works, from `start` on and around. Another way to the same server is tried where
 * TLS or the user was refused; another server where this one cannot be reached, or `connect` throws that it is read-only. If none
 * works, throws that a server is read-only, if one was, or else the last error, or all where several servers failed.
 */
export async function firstThatWorks<T>(
  attempts: readonly pg.ClientConfig[],
  start: number,
  connect: (attempt: pg.ClientConfig, index: number) => Promise<T>,
): Promise<{ readonly result: T; readonly index: number }> {
  const errors = new Map<string, Error>();
  let server: string | undefined;
  let error: unknown;
  for (let i = 0; i < attempts.length; i++) {
    const index = (start + i) % attempts.length;
    const attempt = attempts[index] as pg.ClientConfig;
    const next = serverOf(attempt);
    if (next === server ? !wayRefused(error) : server !== undefined && !unreachable(error)) continue;
    server = next;
    try {
      return { result: await connect(attempt, index), index };
    } catch (failure) {
      error = failure;
      errors.set(server, failure as Error);
    }
  }
  const readOnly = [...errors.values()].find(isReadOnlyServer);
  if (readOnly) throw readOnly;
  throw errors.size > 1 && unreachable(error) ? new AggregateError(errors.values()) : error;
}

/** The first way to the server after that of the way `index`, around; `index` itself if there is only one server. */
export function nextServer(attempts: readonly pg.ClientConfig[], index: number): number {
  const servers = attempts.map(serverOf);
  const around = [...servers.keys()].map((i) => (index + i) % servers.length);
  return around.find((i) => servers[i] !== servers[index]) ?? index;
}

const serverOf = ({ host, port }: pg.ClientConfig) => `${host}:${port}`;

const INVALID_AUTHORIZATION = '28';
const SHUTTING_DOWN_OR_STARTING = '57P';

/** TLS or this user without it, or with it. */
function wayRefused(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.code?.startsWith(INVALID_AUTHORIZATION) ?? false;
  const { message = '', code = '' } = error as NodeJS.ErrnoException;
  return /\bSSL\b/.test(message) || /SSL|EPROTO|ECONNRESET/.test(code);
}

const unreachable = (error: unknown): boolean =>
  error instanceof pg.DatabaseError
    ? (error.code?.startsWith(SHUTTING_DOWN_OR_STARTING) ?? false)
    : !isBusy(error);
