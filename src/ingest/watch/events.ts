import { basename, dirname } from 'node:path';
import watcher from '@parcel/watcher';
import type { Issue } from '../../issues.js';
import { monotonicSeconds, within } from '../../monotonic.js';
import { operatingSystem } from '../../native/process.js';
import { matchesPattern } from '../../native/scanner.js';
import { otherSubBands } from './other-sub-bands.js';
import type { StatGate } from './stat-gate.js';

export interface EventHandlers {
  /** A matching file appeared or changed. */
  readonly onFile: (path: string, change: 'created' | 'updated') => void;
  /** A directory appeared, or so many names at once that one of them could be one: only a scan tells what it holds. */
  readonly onUncertain: (why: 'new directory' | 'many new names', path?: string) => void;
  /** A file that does not match the pattern appeared. */
  readonly onOtherFile: (path: string) => void;
  /** Events stopped or are not available. */
  readonly onIssue: (issue: Issue) => void;
}

/** With more unknown names than this in one delivery, a scan is cheaper than asking what each one is. */
const MAX_NAMES_TO_LOOK_AT = 64;
/** Subscribing reads the whole tree: a second for a hundred thousand entries, longer from a cold disk. */
const SUBSCRIBE_SECONDS = 60;
/** A directory that is removed while it subscribes ends that. */
const SUBSCRIBE_TRIES = 3;
/** A failed attempt can cost a descriptor for good, so after some in a row the next ones come seldom. */
const FAILURES_AT_ONCE = 10;
const NEXT_TRY_SECONDS = 600;
/** By default the watcher looks for another one first, by a program that it starts each time and never waits for. */
const BACKEND = 'inotify';

/**
 * The operating system's events for a directory tree, by @parcel/watcher. A fast path only: it loses events on overflow
 * without a word, and does not watch directories made inside a new directory. The scan makes up for both.
 */
export class Events {
  /** Wall time, Unix seconds. */
  lastEventAt: number | undefined;
  issue: Issue | undefined;
  /** A step was given up, and holds the watcher's lock until its file system answers: a new process could do better then. */
  hangs = false;
  readonly #directory: string;
  readonly #pattern: string;
  readonly #gate: StatGate;
  readonly #handlers: EventHandlers;
  readonly #seconds: number;
  #subscription: watcher.AsyncSubscription | undefined;
  #changing: Promise<void> = Promise.resolve();
  #failures = 0;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(
    directory: string,
    pattern: string,
    gate: StatGate,
    handlers: EventHandlers,
    seconds = SUBSCRIBE_SECONDS,
  ) {
    this.#directory = directory;
    this.#pattern = pattern;
    this.#gate = gate;
    this.#handlers = handlers;
    this.#seconds = seconds;
  }

  get subscribed(): boolean {
    return this.#subscription !== undefined && this.issue === undefined;
  }

  /** Whether to subscribe again only because the last attempt failed. */
  get mayTryAgain(): boolean {
    return this.#failures < FAILURES_AT_ONCE || monotonicSeconds() - this.#failedAt >= NEXT_TRY_SECONDS;
  }

  /**
   * Watches the tree as it is now, without the directories in `ignore`: one that cannot be read would end the attempt. Never
   * rejects and never waits forever: a failure becomes the issue, and a later call tries again. `realDirectory` is where the
   * directory's path leads: the watcher follows no link.
   */
  resubscribe(realDirectory: string, ignore: readonly string[]): Promise<void> {
    return this.#serially(async () => {
      if (this.hangs) return;
      if (!(await this.#leave())) return;
      // Without an inotify instance the watcher would block this thread forever.
      const none = operatingSystem().inotifyError();
      if (none !== null) return this.#fail(`${none}; raise fs.inotify.max_user_instances`);
      await this.#subscribe(realDirectory, ignore, SUBSCRIBE_TRIES);
    });
  }

  close(): Promise<void> {
    return this.#serially(async () => void (await this.#leave()));
  }

  async #subscribe(realDirectory: string, ignore: readonly string[], tries: number): Promise<void> {
    const subscribing = watcher.subscribe(
      realDirectory,
      (error, events) => this.#receive(error, events, realDirectory),
      { backend: BACKEND, ignore: [...ignore, ...otherSubBands(this.#pattern)] },
    );
    try {
      const subscription = await within(this.#seconds, subscribing);
      if (!subscription) {
        const late = subscribing.then((given) => given.unsubscribe()).catch(() => {});
        return this.#giveUp('subscribing', late);
      }
      this.#subscription = subscription;
      this.issue = undefined;
      this.#failures = 0;
    } catch (error) {
      if (tries > 1 && NO_SUCH_FILE.test((error as Error).message))
        return await this.#subscribe(realDirectory, ignore, tries - 1);
      this.#fail(reasonOf(error as Error));
    }
  }

  /** The watcher misbehaves if it subscribes and unsubscribes at the same time. */
  #serially(step: () => Promise<void> | void): Promise<void> {
    this.#changing = this.#changing.then(step);
    return this.#changing;
  }

  /** False where the watcher does not let go: it asks about files while it holds its lock. */
  async #leave(): Promise<boolean> {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    // A tree that is gone took its watches with it.
    const leaving = subscription?.unsubscribe().catch(() => {});
    if (
      !leaving ||
      (await within(
        this.#seconds,
        leaving.then(() => true),
      ))
    )
      return true;
    this.#giveUp('ending the earlier subscription', leaving);
    return false;
  }

  #giveUp(step: string, late: Promise<unknown>): void {
    this.hangs = true;
    this.#fail(`${step} is still running after ${this.#seconds} s: a file system in it does not answer`);
    void late.finally(() => {
      this.hangs = false;
    });
  }

  #receive(error: Error | null, events: watcher.Event[], realDirectory: string): void {
    if (error) {
      this.#fail(reasonOf(error));
      return;
    }
    this.lastEventAt = Date.now() / 1000;
    const unknown: string[] = [];
    for (const { path: realPath, type } of events) {
      const path = this.#directory + realPath.slice(realDirectory.length);
      if (type === 'delete' || this.#isHidden(path)) continue;
      if (matchesPattern(basename(path), this.#pattern)) {
        this.#handlers.onFile(path, type === 'create' ? 'created' : 'updated');
      } else if (type === 'create' && !NEVER_ENTERED.test(basename(path))) unknown.push(path);
    }
    if (unknown.length > MAX_NAMES_TO_LOOK_AT) this.#handlers.onUncertain('many new names');
    else for (const path of unknown) void this.#lookAt(path);
  }

  /** In a directory that scans do not enter either: a hidden one, where rsync and snapshots keep what is not meant to be seen, or fsck's. */
  #isHidden(path: string): boolean {
    const directories = dirname(path).slice(this.#directory.length).split('/');
    return directories.some((name) => NEVER_ENTERED.test(name));
  }

  async #lookAt(path: string): Promise<void> {
    const answer = await this.#gate.look(path);
    if (answer && 'value' in answer && !answer.value.isDirectory) this.#handlers.onOtherFile(path);
    // Where nothing answers, a scan tells more.
    else if (!answer || 'value' in answer) this.#handlers.onUncertain('new directory', path);
  }

  #fail(why: string): void {
    this.#failures++;
    this.#failedAt = monotonicSeconds();
    this.issue = {
      code: 'events_missing',
      message: `no file events for ${this.#directory}: ${why}. Scans still find every file`,
    };
    this.#handlers.onIssue(this.issue);
  }
}

/** Names of directories that scans do not enter. */
const NEVER_ENTERED = /^(\.|lost\+found$)/;
/** strerror(ENOENT), all that the watcher tells. */
const NO_SUCH_FILE = /no such file/i;

const reasonOf = ({ message }: Error) =>
  /no space left|ENOSPC/i.test(message)
    ? 'the inotify watch limit is reached; raise fs.inotify.max_user_watches'
    : message;
