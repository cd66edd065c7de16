/** What Node.js does not offer of the operating system. */
import { addon } from './addon.js';

/** What of the libhdf5 child's confinement is in force. */
export interface Confinement {
  /** Sockets, programs, processes, writing opens and changes of names are refused to all threads (seccomp). */
  readonly systemCalls: boolean;
  /** Of Landlock, for the thread that runs libhdf5; 0: the kernel has none. */
  readonly landlockVersion: number;
  /** Why one of them is not in force, or null. */
  readonly missing: string | null;
}

interface ProcessFace {
  /** Takes from this process, for good, all but reading files and using what is open. For the libhdf5 child only. */
  confine(): Confinement;
  /** Ends this process at once, even if a thread hangs in the kernel, for which process.exit() would wait. */
  endProcess(code: number): never;
  /** Bounds this process's data to what it has now plus `bytes`. For the libhdf5 child only. */
  limitMemory(bytes: number): void;
  /** From now on memory in blocks of 128 KiB or more goes back to the system when it is freed, in all threads. */
  returnLargeBlocks(): void;
  /** Has the kernel end this process when its parent dies, even if libhdf5 never returns. */
  dieWithParent(): void;
  /** Sends a datagram to the service manager's socket (sd_notify). Returns why it could not, or null. Does not wait. */
  notifyService(socketName: string, message: string): string | null;
  /** Why this user gets no further inotify instance, or null. */
  inotifyError(): string | null;
  /**
   * An inotify descriptor that can be read, without waiting, once one of these open directories was deleted or its file system
   * unmounted; a negative errno if none can be created. The caller closes it.
   */
  watchForLoss(directories: readonly number[]): number;
}

export const operatingSystem = () => addon<ProcessFace>();
