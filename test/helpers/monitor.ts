import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Status } from '#src/health/status.js';
import type { IssueCode } from '#src/issues.js';
import { type Finished, finished, spawnCli } from './cli.js';
import { waitFor } from './wait.js';
import type { Owner, Workspace } from './workspace.js';

/** A real monitor process on a workspace; killed when the test ends. */
export class Monitor {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  readonly #statusFile: string;
  /** What it has logged. */
  log = '';

  constructor(
    test: Owner,
    { incoming, productsDb, statusFile }: Workspace,
    args: readonly string[] = [],
    { env = {}, ...user }: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
  ) {
    this.#statusFile = statusFile;
    this.process = spawnCli(
      ['monitor', incoming, productsDb, '--status-file', statusFile, ...args],
      env,
      user,
    );
    this.finished = finished(this.process);
    this.process.stderr?.on('data', (chunk) => {
      this.log += chunk;
    });
    test.after(async () => {
      this.process.kill('SIGKILL');
      await this.finished;
    });
  }

  /** The status this very process wrote last, if any. */
  status(): Status | undefined {
    try {
      const status = JSON.parse(readFileSync(this.#statusFile, 'utf8')) as Status;
      if (status.pid !== this.process.pid) return undefined;
      if (status.issue_codes.length !== status.issues.length)
        throw new TypeError('an issue without its code');
      return status;
    } catch (error) {
      if (error instanceof TypeError) throw error;
      return undefined;
    }
  }

  /** Waits until the status fulfils a condition. */
  until(what: string, condition: (status: Status) => boolean, seconds = 60): Promise<Status> {
    return waitFor(
      what,
      () => {
        const status = this.status();
        return status && condition(status) ? status : undefined;
      },
      seconds,
    ).catch((error: Error) => {
      const { exitCode, signalCode } = this.process;
      const log = this.log.slice(-2000);
      throw new Error(
        `${error.message}; exit ${exitCode ?? signalCode}; the last status: ${JSON.stringify(this.status())}; the end of its log: ${log}`,
      );
    });
  }

  /** Waits until the monitor is unhealthy for this reason, by its code and its words. */
  issue(code: IssueCode | readonly IssueCode[], message: RegExp, seconds?: number): Promise<Status> {
    const wanted = [code].flat();
    return this.until(
      `the issue ${wanted.join(' or ')} ${message}`,
      ({ healthy, issues, issue_codes: codes }) =>
        !healthy && issues.some((text, i) => message.test(text) && wanted.includes(codes[i] as IssueCode)),
      seconds,
    );
  }

  healthy(seconds = 60): Promise<Status> {
    return this.until('a healthy monitor', (status) => status.healthy, seconds);
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<Finished> {
    this.process.kill('SIGTERM');
    return this.finished;
  }
}
