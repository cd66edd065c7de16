import type { ScanReport } from '../../health/snapshot.js';
import type { Issue } from '../../issues.js';
import type { Logger } from '../../log/logger.js';
import { monotonicSeconds } from '../../monotonic.js';
import type { ListedFile } from '../../native/outcome.js';
import { HeldMounts } from './held-mounts.js';
import { LossWatch } from './loss-watch.js';
import { MountQuestions, mountsOf } from './mounts.js';
import { lookAtRoot, silent } from './root.js';
import type { StatGate } from './stat-gate.js';

/** What a look at the watched directory found. */
export interface RootLook {
  readonly present: boolean;
  /** Another directory or file system is there than at the look before: earlier watches are dead. */
  readonly changed: boolean;
  /** What could not be read before may be readable now. */
  readonly recovered: boolean;
}

/** What does not answer a question about itself so soon is left out of scans and events until it does. */
const MOUNT_ANSWER_SECONDS = 5;
const MOUNTS_ASKED_EVERY_SECONDS = 15;

/** The watched directory, and the file systems that the tree lies on. They come and go, and the kernel drops the watches in silence. */
export class RootWatch {
  /** Without symbolic links in it. */
  realDirectory: string;
  /** Mount points below the real directory whose file system does not answer. */
  silentMounts: readonly string[] = [];
  #answering: readonly string[] = [];
  readonly #directory: string;
  readonly #gate: StatGate;
  readonly #log: Logger;
  readonly #losses: LossWatch;
  readonly #questions = new MountQuestions();
  readonly #heldMounts = new HeldMounts();
  #issue: Issue | undefined;
  #unmounted: Issue | undefined;
  #unmountedBelow: Issue | undefined;
  #identity: string | undefined;
  #device: number | undefined;
  #populatedDevice: number | undefined;
  /** Fingerprint of the mounts that the tree depends on; undefined before the first look. */
  #mounts: string | undefined;
  #mountsAskedAt = Number.NEGATIVE_INFINITY;
  #askMounts = false;

  constructor(directory: string, gate: StatGate, log: Logger) {
    this.#directory = directory;
    this.realDirectory = directory;
    this.#gate = gate;
    this.#log = log;
    this.#losses = new LossWatch(gate);
  }

  close(): void {
    this.#losses.close();
  }

  get present(): boolean {
    return this.#issue === undefined;
  }

  get issues(): Issue[] {
    return [this.#issue, this.#unmounted, this.#unmountedBelow].filter((issue) => issue !== undefined);
  }

  /** Looks at the directory and its mounts. Those below it are asked when they have changed, and while any of them, or a scan, hangs. */
  async look(aScanHangs: boolean): Promise<RootLook> {
    const root = await lookAtRoot(this.#directory, this.#gate);
    if (root.issue !== undefined) {
      if (this.#issue?.message !== root.issue.message) this.#complain(root.issue);
      this.#issue = root.issue;
      this.#identity = undefined;
      return { present: false, changed: false, recovered: false };
    }
    const returned = this.#issue !== undefined;
    if (returned) this.#log.info(`the watch directory ${this.#directory} is available again`);
    const replaced = root.identity !== this.#identity;
    this.#issue = undefined;
    this.#identity = root.identity;
    this.#device = root.device;
    const { moved, remounted } = await this.#lookAtMounts(aScanHangs);
    const changed = replaced || moved || remounted;
    if (changed) await this.#losses.renew([this.realDirectory, ...this.#answering]);
    return { present: true, changed, recovered: returned || remounted };
  }

  /** The mounts are asked at the next look, however recently they were: something of them has not answered. */
  askMountsSoon(): void {
    this.#askMounts = true;
  }

  scanBegins(): void {
    this.#heldMounts.scanBegins(this.#mountsBelow());
  }

  /** Files that the scan under way has listed. */
  see(files: readonly ListedFile[]): void {
    this.#heldMounts.see(files);
  }

  /** A directory that has lost its file system looks like an empty one. */
  scanEnds({ filesOnDisk, directories }: ScanReport): void {
    if (filesOnDisk > 0) this.#populatedDevice = this.#device;
    this.#unmounted =
      this.#populatedDevice !== undefined && this.#populatedDevice !== this.#device
        ? unmounted(
            `the watch directory ${this.#directory} is empty and on a different file system than before: mount it again`,
          )
        : undefined;
    const [below] = this.#heldMounts.scanEnds(this.#mountsBelow(), directories);
    this.#unmountedBelow =
      below === undefined
        ? undefined
        : unmounted(
            `${below} is empty, and the file system that had files is no longer mounted there: mount it again, or remove the directory if it is gone for good`,
          );
  }

  /** Under the name of the watched directory, which can be a link. */
  named(real: string): string {
    return this.#directory + real.slice(this.realDirectory.length);
  }

  #mountsBelow(): string[] {
    return mountsOf(this.realDirectory).below.map((path) => this.named(path));
  }

  async #lookAtMounts(aScanHangs: boolean): Promise<{ moved: boolean; remounted: boolean }> {
    const real = await this.#gate.realPath(this.#directory);
    if (!real || 'error' in real) return { moved: false, remounted: false };
    const moved = real.value !== this.realDirectory;
    this.realDirectory = real.value;
    const { fingerprint, below } = mountsOf(real.value);
    const changed = fingerprint !== this.#mounts || this.#losses.lost;
    const somethingHangs = this.silentMounts.length > 0 || aScanHangs;
    const due = somethingHangs && monotonicSeconds() - this.#mountsAskedAt >= MOUNTS_ASKED_EVERY_SECONDS;
    if (!changed && !due && !this.#askMounts) return { moved, remounted: false };
    this.#mounts = fingerprint;
    this.#askMounts = false;
    const before = this.silentMounts;
    this.silentMounts = await this.#silentOf(below);
    this.#answering = below.filter((path) => !this.silentMounts.includes(path));
    return { moved, remounted: changed || this.silentMounts.join('\n') !== before.join('\n') };
  }

  async #silentOf(mounts: readonly string[]): Promise<string[]> {
    const answers = await Promise.all(
      mounts.map((path) => this.#questions.answersWithin(MOUNT_ANSWER_SECONDS, path)),
    );
    this.#mountsAskedAt = monotonicSeconds();
    // One that could not be asked stays what it was.
    const found = mounts.filter((path, i) => !(answers[i] ?? !this.silentMounts.includes(path)));
    for (const path of found)
      if (!this.silentMounts.includes(path)) this.#complain(silent(`the file system mounted at ${path}`));
    return found;
  }

  #complain({ code, message }: Issue): void {
    this.#log.error({ code }, message);
  }
}

const unmounted = (message: string): Issue => ({ code: 'directory_unmounted', message });
