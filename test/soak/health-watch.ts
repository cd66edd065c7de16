import { statSync } from 'node:fs';
import type { Status } from '#src/health/status.js';
import type { IssueCode } from '#src/issues.js';
import { sleep, waitFor } from '../helpers/wait.js';
import type { Owner } from '../helpers/workspace.js';
import { ledgerOf } from './database.js';
import type { Model } from './model.js';
import type { Subject } from './subject.js';

const LOOK_SECONDS = 0.5;
/** The status is written every 30 s at least. */
const SILENT_SECONDS = 90;
/** The database is asked every 5 s; on a loaded machine health follows in three times that. */
const FOLLOWS_SECONDS = 15;
const RECOVERS_SECONDS = 240;
const LATE_SECONDS = 120;
const LIES_SECONDS = 60;

/** Holds health against the model at every moment: it says nothing without a reason, and is not healthy while files lack their rows. */
export class HealthWatch {
  readonly violations: string[] = [];
  readonly #owner: Owner;
  readonly #subject: Subject;
  readonly #model: Model;
  #allowed: ReadonlySet<IssueCode> = new Set();
  #cannotWrite = false;
  #ended = false;
  #lyingSince: number | undefined;

  constructor(owner: Owner, subject: Subject, model: Model) {
    this.#owner = owner;
    this.#subject = subject;
    this.#model = model;
  }

  /** Looks until `end` is called. */
  async run(): Promise<void> {
    for (let looks = 0; !this.#ended; looks++) {
      const status = this.#subject.monitor.status();
      if (status) this.#judge(status);
      this.#requireFresh();
      if (looks % 20 === 0) await this.#requireNoLie();
      await sleep(LOOK_SECONDS * 1000);
    }
  }

  end(): void {
    this.#ended = true;
  }

  /** While this acts, and until the monitor is well again, health may say these; afterwards nothing. */
  async during(may: readonly IssueCode[], act: () => Promise<void>): Promise<void> {
    this.#allowed = new Set(may);
    try {
      await act();
      await this.#recovery();
    } catch (error) {
      this.#violated((error as Error).message);
    }
    this.#allowed = new Set();
  }

  /** Health must report one of these within the time. */
  async says(codes: readonly IssueCode[], withinSeconds: number): Promise<void> {
    const said = () => {
      const { issue_codes = [], warning_codes = [] } = this.#subject.monitor.status() ?? {};
      return [...issue_codes, ...warning_codes].some((code) => codes.includes(code as IssueCode));
    };
    await waitFor(`health to say ${codes.join(' or ')}`, said, withinSeconds);
  }

  /** The process is stopped meanwhile. */
  async whileSilent(act: () => Promise<void>): Promise<void> {
    this.#cannotWrite = true;
    await act();
    this.#cannotWrite = false;
  }

  async #recovery(): Promise<void> {
    const endedMs = Date.now();
    const well = () => {
      const status = this.#subject.monitor.status();
      return status?.healthy && this.#writtenMs > endedMs + FOLLOWS_SECONDS * 1000;
    };
    await waitFor('the recovery', well, RECOVERS_SECONDS).catch((error: Error) => {
      throw new Error(`${error.message}: ${this.#subject.monitor.status()?.issues}`);
    });
  }

  #judge({ healthy, issues, issue_codes, warning_codes }: Status): void {
    const without = [...issue_codes, ...warning_codes].filter(
      (code) => !this.#allowed.has(code as IssueCode),
    );
    if (without.length > 0) this.#violated(`health says ${without}: ${issues}`);
    if (healthy !== (issue_codes.length === 0)) this.#violated(`healthy ${healthy} with ${issue_codes}`);
  }

  #requireFresh(): void {
    const age = (Date.now() - this.#writtenMs) / 1000;
    if (age > SILENT_SECONDS && !this.#cannotWrite) this.#violated('the status is not written any more');
  }

  async #requireNoLie(): Promise<void> {
    const ledger = await ledgerOf(this.#subject.productsDb).catch(() => undefined);
    const late = ledger ? this.#model.overdue(ledger, LATE_SECONDS) : [];
    const lies = late.length > 0 && this.#subject.monitor.status()?.healthy;
    if (!lies) this.#lyingSince = undefined;
    else this.#lyingSince ??= performance.now();
    if (this.#lyingSince !== undefined && performance.now() - this.#lyingSince > LIES_SECONDS * 1000)
      this.#violated(`healthy, although ${late.length} files lack their row, such as ${late[0]}`);
  }

  get #writtenMs(): number {
    return statSync(this.#subject.statusFile, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  }

  /** Said once, however long it lasts. */
  #violated(what: string): void {
    const kind = what.replaceAll(/\d+/g, '');
    if (this.violations.some((each) => each.replaceAll(/\d+/g, '') === kind)) return;
    this.violations.push(what);
    this.#owner.diagnostic(`WRONG: ${what}`);
  }
}
