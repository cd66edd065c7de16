export const INTERRUPTED = 130;

/**
 * A signal has the run end in good order, of which `onAsked` hears once, a second Ctrl-C at once. Not a second SIGTERM: a scheduler may send it to all
 * processes of a job while the job's script passes it on as well.
 */
export function interruptible(
  note: (line: string) => void,
  onAsked: () => void = () => {},
): { readonly asked: boolean } {
  const state = { asked: false };
  const interrupt = (how: string) => {
    if (state.asked) return;
    state.asked = true;
    note(`finishing what is in hand${how}`);
    onAsked();
  };
  process.on('SIGTERM', () => interrupt(''));
  process.on('SIGINT', () => {
    if (state.asked) process.exit(INTERRUPTED);
    interrupt('; once more to stop at once');
  });
  return state;
}
