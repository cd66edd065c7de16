/** Whether a clone was built since its sources changed. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What is built from what. The simulator is no part of the program. */
const BUILT = {
  'build/Release/pointing_monitor.node': /^native\/(?!simulator\/).*\.(cc|h)$/,
  'dist/bundle/pointing-monitor.js': /^src\/(?!web\/).*\.ts$/,
  'dist/web/index.html': /^src\/web\/.*\.(ts|css|html|svg)$/,
};

/** True where a source is newer than what is built from it, as after `git pull`. An installed tree has no sources. */
export function isStale(root) {
  const sources = ['native', 'src'].flatMap((folder) => filesBelow(root, folder));
  return Object.entries(BUILT).some(([built, pattern]) => {
    const builtMs = mtimeMs(root, built);
    return sources.some((path) => pattern.test(path) && mtimeMs(root, path) > builtMs);
  });
}

const filesBelow = (root, folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, path))
    : [];

const mtimeMs = (root, path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
