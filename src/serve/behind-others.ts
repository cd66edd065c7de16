import { getPriority, setPriority } from 'node:os';

const NICE = 10;
const MAX_NICE = 19;

/**
 * Where processors are short, the calling thread alone, to Linux number 0, comes after the main thread, which answers probes. A
 * sandbox may not allow it: then all are equal.
 */
export function stayBehindOthers(): void {
  try {
    setPriority(Math.min(getPriority() + NICE, MAX_NICE));
  } catch {}
}
