/** Whether the program can run on this host, and with which Node. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from './places.mjs';
import { refusal } from './refusal.mjs';
import { isStale } from './sources.mjs';
import { missingOf, OWN_NODE, treeFiles } from './tree.mjs';

const MIN_NODE = [20, 19];

/** Why the program cannot be installed from `root`, in one line; undefined if it can. */
export function whyNot(root) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1])) {
    return `Node ${process.versions.node} is too old: use ${MIN_NODE.join('.')} or later`;
  }
  const missing = missingOf(root);
  if (missing === 'package-lock.json')
    return 'this is the npm package, without its dependencies: run ops/install in a clone of the repository';
  if (missing) return `${join(root, missing)} is missing: run "node ops/setup.mjs" first`;
  if (isStale(root)) return 'the sources have changed since the last build: run "node ops/setup.mjs" first';
  for (const path of treeFiles(root).filter((name) => name.endsWith('.node'))) {
    try {
      process.dlopen({ exports: {} }, join(root, path));
    } catch ({ message }) {
      return refusal(path, message, builtBy(root));
    }
  }
  return undefined;
}

/** For which Node set-up has built, where it noted that: `{ node, path }`. */
function builtBy(root) {
  try {
    return JSON.parse(readFileSync(join(root, 'node_modules/.set-up'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** The host's usual path of the running Node, if it has one without a version in it. */
export function nodePath(root) {
  if (process.execPath === realpathSync(root) + OWN_NODE) return PROGRAM + OWN_NODE;
  const usual = ['/usr/bin/node', '/usr/local/bin/node'].find(
    (path) => existsSync(path) && realpathSync(path) === process.execPath,
  );
  return usual ?? process.execPath;
}

/** The units cannot access these. */
export const isInHome = (path) => /^\/(home|root|run\/user)\//.test(path);
