import { lstat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import watcher from '@parcel/watcher';
import type { Issue } from '../../issues.js';
import { operatingSystem } from '../../native/process.js';
import { matchesPattern } from '../../native/scanner.js';

export interface EventHandlers {
  /** A matching file appeared or changed. */
  readonly onFile: (path: string, change: 'created' | 'updated') => void;
  /** A directory appeared, or so much at once that one may have: only a scan tells what it holds. */
  readonly onUncertain: (why: string) => void;
  /** Events stopped or could not be had. */
  readonly onTrouble: (issue: Issue) => void;
}

/** Beyond so many unknown names in one delivery, a scan is cheaper than asking what each one is. */
const NAMES_TO_LOOK_AT = 64;

/**
 * The operating system's events for a directory tree, by @parcel/watcher. A fast path only: it loses events on overflow
 * without a word, and does not watch directories made inside a new directory. The reconciliation makes up for both.
 */
export class Events {
  lastEventAt: number | undefined;
  trouble: Issue | undefined;
  readonly #directory: string;
  readonly #pattern: string;
  readonly #handlers: EventHandlers;
  #subscription: watcher.AsyncSubscription | undefined;
  #changing: Promise<void> = Promise.resolve();

  constructor(directory: string, pattern: string, handlers: EventHandlers) {
    this.#directory = directory;
    this.#pattern = pattern;
    this.#handlers = handlers;
  }

  get subscribed(): boolean {
    return this.#subscription !== undefined && this.trouble === undefined;
  }

  /** Watches the tree as it is now. Never rejects: a failure is a trouble, and a later call tries again. */
  resubscribe(): Promise<void> {
    return this.#serially(async () => {
      await this.#leave();
      // Without an instance the watcher would hold up this thread for ever.
      const none = operatingSystem().inotifyTrouble();
      if (none !== null) {
        this.#fail(`${none}; raise fs.inotify.max_user_instances`);
        return;
      }
      try {
        this.#subscription = await watcher.subscribe(this.#directory, (error, events) =>
          this.#receive(error, events),
        );
        this.trouble = undefined;
      } catch (error) {
        this.#fail(reasonOf(error as Error));
      }
    });
  }

  close(): Promise<void> {
    return this.#serially(() => this.#leave());
  }

  /** The watcher misbehaves if it subscribes and unsubscribes at the same time. */
  #serially(step: () => Promise<void>): Promise<void> {
    this.#changing = this.#changing.then(step);
    return this.#changing;
  }

  async #leave(): Promise<void> {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    try {
      await subscription?.unsubscribe();
    } catch {
      // The tree it watched is gone, and its watches with it.
    }
  }

  #receive(error: Error | null, events: watcher.Event[]): void {
    if (error) {
      this.#fail(reasonOf(error));
      return;
    }
    this.lastEventAt = Date.now() / 1000;
    const unknown: string[] = [];
    for (const { path, type } of events) {
      if (type === 'delete' || this.#isHidden(path)) continue;
      if (matchesPattern(basename(path), this.#pattern)) {
        this.#handlers.onFile(path, type === 'create' ? 'created' : 'updated');
      } else if (type === 'create') unknown.push(path);
    }
    if (unknown.length > NAMES_TO_LOOK_AT) this.#handlers.onUncertain('many new names at once');
    else for (const path of unknown) void this.#lookAt(path);
  }

  /** In a directory that scans do not enter either: a hidden one, where rsync and snapshots keep what is not meant to be seen, or fsck's. */
  #isHidden(path: string): boolean {
    return /\/(\.|lost\+found(\/|$))/.test(dirname(path).slice(this.#directory.length));
  }

  async #lookAt(path: string): Promise<void> {
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory()) this.#handlers.onUncertain(`new directory ${path}`);
  }

  #fail(why: string): void {
    this.trouble = {
      code: 'events_missing',
      message: `no live events for ${this.#directory}: ${why}. The scan still finds every file.`,
    };
    this.#handlers.onTrouble(this.trouble);
  }
}

const reasonOf = ({ message }: Error) =>
  /no space left|ENOSPC/i.test(message)
    ? 'the limit on inotify watches is reached; raise fs.inotify.max_user_watches'
    : message;
