import type pg from 'pg';

/** One connection that is made when first needed, and again after it broke. */
export class LastingClient {
  readonly #connect: (lost: () => void) => Promise<pg.Client>;
  #current: Promise<pg.Client> | undefined;

  /** `connect` calls `lost` when what it gave has broken. */
  constructor(connect: (lost: () => void) => Promise<pg.Client>) {
    this.#connect = connect;
  }

  /** Where `work` fails, the next use makes another connection. */
  async use<T>(work: (client: pg.Client) => T | Promise<T>): Promise<T> {
    this.#current ??= this.#open();
    const current = this.#current;
    try {
      return await work(await current);
    } catch (error) {
      await this.close(current);
      throw error;
    }
  }

  async close(which = this.#current): Promise<void> {
    this.#forget(which);
    await which?.then((client) => client.end()).catch(() => {});
  }

  #open(): Promise<pg.Client> {
    const opened = this.#connect(() => this.#forget(opened));
    return opened;
  }

  /** Another may have taken its place meanwhile: that one stays. */
  #forget(which: Promise<pg.Client> | undefined): void {
    if (this.#current === which) this.#current = undefined;
  }
}
