export const INTERRUPTED = 130;

/**
 * The first signal ends the run cleanly and calls `onAsked`; a second Ctrl-C ends it at once. A second SIGTERM does not: a
 * scheduler can send it to all processes of a job while the job's script passes it on as well.
 */
export function interruptible(
  note: (line: string) => void,
  onAsked: () => void = () => {},
): { readonly asked: boolean } {
  const state = { asked: false };
  const interrupt = (how: string) => {
    if (state.asked) return;
    state.asked = true;
    note(`finishing work in progress${how}`);
    onAsked();
  };
  process.on('SIGTERM', () => interrupt(''));
  process.on('SIGINT', () => {
    if (state.asked) process.exit(INTERRUPTED);
    interrupt('; interrupt again to stop now');
  });
  return state;
}
