/** What it means for the person who installs that a library does not load. */
import { dirname } from 'node:path';
import { GLIBC } from './tree.mjs';

const RUNNING = { node: process.version, path: process.execPath };

/**
 * In one line. `said` is the dynamic loader's or Node's message about the library at `path`, `built` the Node that it was built for, if
 * that is known.
 */
export function refusal(path, said, built, running = RUNNING) {
  if (said.includes('NODE_MODULE_VERSION')) return otherNode(path, built, running);
  if (said.includes('GLIBC_'))
    return `${path} was built for a later glibc than the ${GLIBC} of this system: build from a clone here, as docs/install.md describes`;
  return `${path} does not load on this system: ${said.split('\n')[0]}`;
}

/** sudo looks for programs in places of its own, and so finds another Node than the one that set this up. */
function otherNode(path, built, running) {
  const here = `${running.path} (${running.node})`;
  if (!built)
    return `${path} was built for another Node than ${here}: run "node ops/setup.mjs" with this one`;
  return (
    `${path} was built for ${built.path} (${built.node}), and this runs in ${here}: ` +
    `run "env PATH=${dirname(built.path)}:$PATH ops/install", or set up again with ${running.path}`
  );
}
