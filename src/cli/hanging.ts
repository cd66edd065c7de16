const LAST_SECONDS = 1;

/**
 * Ends the process soon after its command if it does not end by itself: only a question to a file system that was given up, and its
 * thread, can keep it so long, and an ordinary exit would wait for the thread.
 */
export function endDespiteHanging(): void {
  const end = async () => {
    const { operatingSystem } = await import('../native/process.js');
    operatingSystem().endProcess(Number(process.exitCode ?? 0));
  };
  setTimeout(() => void end(), LAST_SECONDS * 1000).unref();
}
