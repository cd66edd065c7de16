import { readFileSync } from 'node:fs';
import type { Clock } from '../helpers/clock.js';
import { Monitor } from '../helpers/monitor.js';
import { openFiles } from '../helpers/processes.js';
import type { Owner, Workspace } from '../helpers/workspace.js';
import type { Model } from './model.js';

const PROOF_SECONDS = 240;

/** A monitor that is killed and started again on the same directory and database. */
export class Subject {
  monitor: Monitor;
  readonly productsDb: string;
  readonly statusFile: string;
  readonly #start: () => Monitor;

  constructor(owner: Owner, space: Workspace, clock?: Clock) {
    this.productsDb = space.productsDb;
    this.statusFile = space.statusFile;
    const args = ['--reconcile-interval', '5', '--follow-links', '--create', '--log-level', 'ERROR'];
    this.#start = () => new Monitor(owner, space, args, clock ? { env: clock.env } : {});
    this.monitor = this.#start();
  }

  get pid(): number {
    return this.monitor.process.pid as number;
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.monitor.process.kill(name);
  }

  async killAndRestart(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.monitor.process.kill(signal);
    await this.monitor.finished;
    this.monitor = this.#start();
  }

  /** Waits until health says what the model says, and no file is unaccounted for. */
  async proves(model: Model): Promise<void> {
    await this.monitor.until(
      'the proof',
      ({ healthy, reconciliation: found }) =>
        healthy &&
        found?.with_row === model.files.size &&
        found.waiting + found.failed === model.badFiles &&
        found.unaccounted === 0,
      PROOF_SECONDS,
    );
  }

  /** Whether it has the file open that lies at the database's path now. */
  get hasDatabaseOpen(): boolean {
    return openFiles(this.pid).includes(this.productsDb);
  }

  /** Proportional set size; undefined between two processes. */
  get memoryMB(): number | undefined {
    try {
      const rollup = readFileSync(`/proc/${this.pid}/smaps_rollup`, 'utf8');
      return Math.round(Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1024);
    } catch {
      return undefined;
    }
  }
}
