import { ServerUnreachable } from './data/connection.js';
import { byId } from './element.js';

/** Runs a task, true where it succeeded. Its failure is shown until a task of the same name succeeds. */
export type Attempt = (name: string, task: () => Promise<void>) => Promise<boolean>;

const failures = new Map<string, string>();

export const attempt: Attempt = async (name, task) => {
  try {
    await task();
    failures.delete(name);
    return true;
  } catch (error) {
    // The banner reports an unreachable server.
    if (error instanceof ServerUnreachable) failures.delete(name);
    else failures.set(name, (error as Error).message);
    return false;
  } finally {
    show();
  }
};

/** Lets the person take the failures off the page. */
export function startDismissal(): void {
  byId('request-error-close').addEventListener('click', () => {
    failures.clear();
    show();
  });
}

function show(): void {
  const line = byId('request-error');
  const text = failures.size === 0 ? '' : `Request failed: ${[...new Set(failures.values())].join('; ')}`;
  // Written again, the same words would be read out again.
  if (line.textContent !== text) line.textContent = text;
  (line.parentElement as HTMLElement).hidden = text === '';
}
