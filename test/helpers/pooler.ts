import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Postgres } from './postgres.js';
import type { Owner } from './workspace.js';

/** PgBouncer in transaction mode before a server, on a socket of its own. Gives the URL of the database behind it. */
export async function pooled(t: Owner, postgres: Postgres, database: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'pointing-pooler-'));
  chmodSync(directory, 0o777);
  const config = join(directory, 'pgbouncer.ini');
  writeFileSync(
    config,
    `[databases]
* = host=${postgres.directory} user=tester
[pgbouncer]
listen_addr =
unix_socket_dir = ${directory}
auth_type = any
pool_mode = transaction
ignore_startup_parameters = options
`,
  );
  const root = process.getuid?.() === 0;
  const child: ChildProcess = spawn('pgbouncer', [...(root ? ['-u', 'postgres'] : []), config], {
    stdio: 'ignore',
  });
  t.after(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
  const name = new URL(database.replace('postgresql:///', 'postgresql://any/')).pathname.slice(1);
  return `postgresql:///${name}?host=${encodeURIComponent(directory)}&port=6432&user=tester`;
}
