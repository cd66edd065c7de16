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

/** Waits until what `read` gives is as expected. Fails with `what` and the last text. */
export async function waitForText(
  what: string,
  read: () => string | Promise<string>,
  expected: RegExp,
  seconds = 60,
): Promise<string> {
  let text = '';
  try {
    return await waitFor(
      what,
      async () => {
        text = await read();
        return expected.test(text) && text;
      },
      seconds,
    );
  } catch (error) {
    throw new Error(`${what}: expected ${expected}, but it is ${JSON.stringify(text)}`, { cause: error });
  }
}

export { sleep };
