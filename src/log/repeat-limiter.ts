/** Messages of one kind that are logged in a window; the others are only counted. */
const FIRST = 20;
const WINDOW_SECONDS = 600;
/** Kinds that are distinguished; all others share one. */
const MAX_KINDS = 500;

/** Marks the details of messages that come as often as somebody has asked for. Nobody sees it. */
export const UNLIMITED = Symbol('unlimited');

interface Kind {
  count: number;
  readonly message: string;
  readonly level: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Keeps a directory of bad files, or a database that is down for a day, from filling the disk with log. Messages are of one
 * kind when they have the same error code, or differ only in numbers.
 */
export class RepeatLimiter {
  readonly #report: (repeats: number, message: string, level: number) => void;
  readonly #kinds = new Map<string, Kind>();
  #reporting = false;

  /** `report` gets, at the end of each window, how many were not logged and the first one's message and level. */
  constructor(report: (repeats: number, message: string, level: number) => void) {
    this.#report = report;
  }

  /** Whether to log this, given the arguments of a pino call: an object with details, then the message; or the message alone. */
  passes(args: readonly unknown[], level: number): boolean {
    if (this.#reporting) return true;
    const [details, message] =
      typeof args[0] === 'string' ? [undefined, args[0]] : [args[0], String(args[1])];
    const { code, [UNLIMITED]: isUnlimited } = (details ?? {}) as { code?: unknown; [UNLIMITED]?: true };
    if (isUnlimited) return true;
    const name = typeof code === 'string' ? code : (message as string).replaceAll(/\d+/g, '');
    const key = this.#kinds.has(name) || this.#kinds.size < MAX_KINDS ? name : '';
    const kind = this.#kinds.get(key) ?? this.#begin(key, message as string, level);
    return ++kind.count <= FIRST;
  }

  /** Reports what has been counted so far. */
  flush(): void {
    for (const key of [...this.#kinds.keys()]) this.#end(key);
  }

  #begin(key: string, message: string, level: number): Kind {
    const timer = setTimeout(() => this.#end(key), WINDOW_SECONDS * 1000).unref();
    const kind = { count: 0, message, level, timer };
    this.#kinds.set(key, kind);
    return kind;
  }

  #end(key: string): void {
    const kind = this.#kinds.get(key);
    this.#kinds.delete(key);
    if (!kind) return;
    clearTimeout(kind.timer);
    if (kind.count <= FIRST) return;
    this.#reporting = true;
    this.#report(kind.count - FIRST, kind.message, kind.level);
    this.#reporting = false;
  }
}
