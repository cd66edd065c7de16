import { operatingSystem } from '../native/process.js';

const REPEAT_MS = 1000;

/**
 * The service manager that started this process, by the protocol of sd_notify(3). Without one, or with a socket that
 * cannot be reached, it does nothing: a monitor runs the same on a terminal.
 */
export class ServiceManager {
  /** How often `alive` must be said, in seconds; undefined where nobody waits for it. Half of what sd_watchdog_enabled(3) gives. */
  readonly aliveEverySeconds: number | undefined;
  readonly #socket: string | undefined;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#socket = env.NOTIFY_SOCKET || undefined;
    const watchdogUs = Number(env.WATCHDOG_USEC);
    // The variables are for the process they name: a child inherits them, and must not answer for its parent.
    const meant = !env.WATCHDOG_PID || Number(env.WATCHDOG_PID) === process.pid;
    this.aliveEverySeconds = this.#socket && meant && watchdogUs > 0 ? watchdogUs / 2e6 : undefined;
  }

  get isThere(): boolean {
    return this.#socket !== undefined;
  }

  /** It has started. Repeated until the service manager, which may be busy, has taken it. */
  ready(): void {
    if (!this.#send('READY=1')) setTimeout(() => this.ready(), REPEAT_MS).unref();
  }

  /** A line for `systemctl status`. */
  status(line: string): void {
    this.#send(`STATUS=${line.replaceAll(/\s*\n\s*/g, ' ')}`);
  }

  /** It does what it is for. False if the service manager, which may be busy, did not take it. */
  alive(): boolean {
    return this.aliveEverySeconds === undefined || this.#send('WATCHDOG=1');
  }

  stopping(): void {
    this.#send('STOPPING=1');
  }

  #send(message: string): boolean {
    return this.#socket === undefined || operatingSystem().notifyService(this.#socket, message) === null;
  }
}
