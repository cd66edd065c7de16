import { StoreError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Store } from '../store/writer.js';
import type { Status } from './status.js';

const CLOSE_SECONDS = 5;

/**
 * Puts statuses into the database, for the other hosts' eyes. It never keeps its caller waiting: while one is under way
 * only the latest of the next is kept. A failing database is an issue of health already, and its readers see an old status.
 */
export class StatusPublisher {
  readonly #store: Pick<Store, 'putStatus'>;
  readonly #log: Logger;
  #next: Status | undefined;
  #running: Promise<void> | undefined;

  constructor(store: Pick<Store, 'putStatus'>, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  publish(status: Status): void {
    this.#next = status;
    this.#running ??= this.#run();
  }

  /** Waits for the last one, with a limit. */
  async close(): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_SECONDS * 1000).unref());
    await Promise.race([this.#running, late]);
  }

  async #run(): Promise<void> {
    for (let status = this.#next; status; status = this.#next) {
      this.#next = undefined;
      try {
        await this.#store.putStatus(JSON.stringify(status));
      } catch (error) {
        if (!(error instanceof StoreError)) this.#log.error({ err: error }, 'could not publish the status');
      }
    }
    this.#running = undefined;
  }
}
