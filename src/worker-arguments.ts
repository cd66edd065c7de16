/**
 * Arguments of Node for every worker thread. Piscina tries `require` on a worker's file first. Where that loads an ECMAScript module, a
 * thread that is ended meanwhile aborts the process (Node 20: an assertion in `module_wrap.cc`); where it fails, the file is imported.
 */
export const WORKER_ARGUMENTS: readonly string[] = ['--no-experimental-require-module'].filter((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);
