import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `probe` gives something other than undefined, null or false. Fails with `what` after so many seconds. */
export async function waitFor<T>(
  what: string,
  probe: () => T | Promise<T>,
  seconds = 60,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false)
      return found as NonNullable<Exclude<T, false>>;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await sleep(20);
  }
}

export { sleep };
