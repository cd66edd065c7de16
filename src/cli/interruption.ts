export const INTERRUPTED = 130;

/**
 * Aborted by the first signal, which ends the run cleanly; a second Ctrl-C ends it at once. A second SIGTERM does not: a scheduler can
 * send it to all processes of a job while the job's script passes it on as well.
 */
export function interruptible(note: (line: string) => void): AbortSignal {
  const interruption = new AbortController();
  const { signal } = interruption;
  const interrupt = (how: string) => {
    if (signal.aborted) return;
    note(`finishing work in progress${how}`);
    interruption.abort();
  };
  process.on('SIGTERM', () => interrupt(''));
  process.on('SIGINT', () => {
    if (signal.aborted) process.exit(INTERRUPTED);
    interrupt('; interrupt again to stop now');
  });
  return signal;
}
