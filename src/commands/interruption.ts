export const INTERRUPTED = 130;

/** The first signal has the run end in good order, the second at once. */
export function interruptible(note: (line: string) => void): { readonly asked: boolean } {
  const state = { asked: false };
  const interrupt = () => {
    if (state.asked) process.exit(INTERRUPTED);
    state.asked = true;
    note('finishing what is in hand; once more to stop at once');
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return state;
}
