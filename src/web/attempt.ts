import { ServerUnreachable } from './data/connection.js';
import { byId } from './element.js';

/** `act`: somebody just asked for it, and is told that it is unavailable. */
export type Wish = 'act' | 'refresh';

/** Runs a task, true where it succeeded. Its failure is shown until a task of the same name succeeds. */
export type Attempt = (name: string, task: () => Promise<void>, wish?: Wish) => Promise<boolean>;

const failures = new Map<string, Error>();

export const attempt: Attempt = async (name, task, wish = 'refresh') => {
  try {
    await task();
    failures.delete(name);
    return true;
  } catch (error) {
    // The banner reports an unreachable server.
    if (error instanceof ServerUnreachable && wish === 'refresh') failures.delete(name);
    else failures.set(name, error as Error);
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

/** The server is back: what was unavailable without it can be asked for again. */
export function forgetUnreachable(): void {
  for (const [name, failure] of failures) if (failure instanceof ServerUnreachable) failures.delete(name);
  show();
}

function show(): void {
  const line = byId('request-error');
  const messages = new Set([...failures.values()].map(({ message }) => message));
  const text = messages.size === 0 ? '' : `Request failed: ${[...messages].join('; ')}`;
  // Written again, the same words would be read out again.
  if (line.textContent !== text) line.textContent = text;
  (line.parentElement as HTMLElement).hidden = text === '';
}
