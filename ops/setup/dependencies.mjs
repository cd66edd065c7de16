/** The npm packages, with better-sqlite3 built for the Node that runs this. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Says what is installed, and for which Node: `{ lock, node, path }`. */
const STAMP = 'node_modules/.set-up';
const OBJECT_WRAP = fileURLToPath(new URL('object-wrap.h', import.meta.url));

/** Installs what package-lock.json says unless it is in place. Throws an Error if npm fails. */
export function installDependencies(root, say) {
  const stamp = join(root, STAMP);
  const wanted = `${JSON.stringify({
    lock: createHash('sha256')
      .update(readFileSync(join(root, 'package-lock.json')))
      .update(readFileSync(OBJECT_WRAP))
      .digest('hex'),
    node: process.version,
    path: process.execPath,
  })}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing npm dependencies');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: { ...withThisNode(), ...headersBesideNode(say) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('"npm ci" failed');
  writeFileSync(stamp, wanted);
}

/** The environment in which npm, and what it runs, finds the Node that runs this before any other. */
export const withThisNode = () => ({
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
});

/** Only the npm registry is asked for anything if better-sqlite3 is compiled here, with the headers that came with Node. */
function headersBesideNode(say) {
  const prefix = dirname(dirname(process.execPath));
  if (existsSync(join(prefix, 'include/node/node.h'))) return toCompileSqlite(prefix);
  say(
    `there are no headers in ${prefix}/include/node: better-sqlite3 comes compiled from github.com, or Node's headers from nodejs.org`,
  );
  return {};
}

/** Variables for npm to compile better-sqlite3 for the Node in `prefix`, with more compiler's `flags`. */
export const toCompileSqlite = (prefix, flags = '') => ({
  npm_config_nodedir: prefix,
  npm_config_build_from_source: 'better-sqlite3',
  CFLAGS: flags,
  CXXFLAGS: `${flags} -include ${OBJECT_WRAP}`,
});
