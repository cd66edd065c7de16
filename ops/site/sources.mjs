/** Whether a clone was built from the sources that it has now. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['CMakeLists.txt', 'cmake', 'native', 'package-lock.json', 'package.json', 'src'];
/** The digest of the sources that `dist` was built from. */
const STAMP = 'dist/.built-from';

/** The last step of a build. */
export const stampBuild = (root) => writeFileSync(join(root, STAMP), digestOf(root));

/** True where the sources have changed since the build, as after `git pull`. An installed tree has none. */
export function isStale(root) {
  if (!existsSync(join(root, 'src'))) return false;
  return !existsSync(join(root, STAMP)) || readFileSync(join(root, STAMP), 'utf8') !== digestOf(root);
}

function digestOf(root) {
  const digest = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesIn(root, source)).sort())
    digest.update(`${path}\0`).update(readFileSync(join(root, path)));
  return digest.digest('hex');
}

function filesIn(root, source) {
  if (statSync(join(root, source)).isFile()) return [source];
  return readdirSync(join(root, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(root.length)
        .replace(/^\//, ''),
    );
}
