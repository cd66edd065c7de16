import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findPostgresProgram } from './tools.js';
import { waitFor } from './wait.js';
import type { Owner } from './workspace.js';

/** PostgreSQL refuses to run as root: any other user will do, and this one owns nothing. */
const NOBODY = 65534;
/** Who the server runs as; nobody in particular where the tests are not root's. */
export const USER: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

function program(name: string): string {
  const path = findPostgresProgram(name);
  if (!path) throw new Error(`${name} is not installed`);
  return path;
}

/** A PostgreSQL server of the test's own, on a socket in a directory of its own. */
export class Postgres {
  readonly directory: string;
  #process: ChildProcess | undefined;
  #databases = 0;
  #port = 5432;

  private constructor() {
    this.directory = mkdtempSync(join(tmpdir(), 'pointing-pg-'));
    chmodSync(this.directory, 0o755);
  }

  /** Ended and removed when the test, or with none given the caller, ends it. */
  static async start(test?: Owner, settings: readonly string[] = []): Promise<Postgres> {
    const postgres = new Postgres();
    test?.after(() => postgres.remove());
    mkdirSync(postgres.#data);
    const { uid, gid } = USER;
    if (uid !== undefined && gid !== undefined) {
      for (const path of [postgres.directory, postgres.#data]) chownSync(path, uid, gid);
    }
    execFileSync(
      program('initdb'),
      [
        '--pgdata',
        postgres.#data,
        '--username',
        'tester',
        '--auth',
        'trust',
        '--no-sync',
        '--locale',
        'C.UTF-8',
      ],
      { ...USER, stdio: 'ignore', cwd: '/' },
    );
    await postgres.launch(settings);
    return postgres;
  }

  get #data(): string {
    return join(this.directory, 'data');
  }

  get pid(): number {
    return this.#process?.pid as number;
  }

  url(database = 'postgres', user = 'tester'): string {
    return `postgresql:///${database}?host=${encodeURIComponent(this.directory)}&user=${user}&port=${this.#port}`;
  }

  /** A new empty database's URL. */
  async database(): Promise<string> {
    const name = `products_${++this.#databases}`;
    await this.query('postgres', `CREATE DATABASE ${name}`);
    return this.url(name);
  }

  /**
   * Starts the server and waits until it answers. Killing it loses nothing: the system goes on, so fsync is off. After a
   * crash its helpers hold its memory for a moment, and none that is started meanwhile goes on: then another is.
   */
  async launch(settings: readonly string[] = []): Promise<void> {
    const [, port] = /^port=(\d+)$/m.exec(settings.join('\n')) ?? [];
    if (port) this.#port = Number(port);
    const options = [
      'listen_addresses=',
      `unix_socket_directories=${this.directory}`,
      'fsync=off',
      // In the data directory, so that a server that was killed leaves nothing outside it.
      'dynamic_shared_memory_type=mmap',
      ...settings,
    ];
    const args = ['-D', this.#data, ...options.flatMap((option) => ['-c', option])];
    await waitFor('PostgreSQL to answer', () => {
      if (!this.#process || hasEnded(this.#process)) {
        this.#process = spawn(program('postgres'), args, { ...USER, stdio: 'ignore', cwd: '/' });
      }
      return this.query('postgres', 'SELECT 1').then(
        () => true,
        () => false,
      );
    });
  }

  /** SIGINT ends it at once and in good order, SIGKILL as a crash would. */
  async end(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (!server || hasEnded(server)) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Rows of a query that another program makes: a connection of its own. */
  async query<Row extends object>(
    database: string,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return queryAt(this.url(database), sql, values);
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

export async function queryAt<Row extends object>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  // If the server ends meanwhile, the answer shows it.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** One that nobody listens on yet. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
