/** What Node.js does not offer of the operating system. */
import { addon } from './addon.js';

interface ProcessFace {
  /** Bounds this process's data to what it has now plus `bytes`. For the libhdf5 child only. */
  limitMemory(bytes: number): void;
  /** Has the kernel end this process when its parent dies, even if libhdf5 never returns. */
  dieWithParent(): void;
  /** Ends this process at once, without waiting for its threads: one that waits for a dead file system would hold up any other exit. */
  endNow(status: number): never;
  /** Sends a datagram to the service manager's socket (sd_notify). Returns why it could not, or null. Does not wait. */
  notifyService(socketName: string, message: string): string | null;
  /** Why this user gets no further inotify instance, or null. */
  inotifyTrouble(): string | null;
}

export const operatingSystem = () => addon<ProcessFace>();
