/** The tree that is packed: the production tree, as `ops/install` would copy it, and what only a release has. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { toCompileSqlite } from '../setup/dependencies.mjs';
import { modeOf, PACKAGE, programFile, treeFiles } from '../site/tree.mjs';
import { run } from './run.mjs';

/** `node` is that of `releaseNode`, `addon` the path of the addon. */
export function stageTree(tree, { node, addon }) {
  const whole = `${tree}.whole`;
  rmSync(whole, { recursive: true, force: true });
  for (const name of PACKAGE) cpSync(name, join(whole, name), { recursive: true });
  copyFileSync(addon, join(whole, 'build/Release/pointing_monitor.node'));
  mkdirSync(join(whole, 'bin'));
  copyFileSync(node.node, join(whole, 'bin/node'));
  installDependencies(whole, node);

  const program = programFile(whole);
  for (const file of treeFiles(whole)) {
    const copy = join(tree, file);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(whole, file), copy);
    chmodSync(copy, modeOf(whole, file, program));
  }
  for (const name of ['install', 'uninstall']) symlinkSync(`ops/${name}`, join(tree, name));
  rmSync(whole, { recursive: true });
}

/** better-sqlite3 is compiled for the Node that lies in the release, with its headers. */
function installDependencies(whole, node) {
  const env = {
    ...process.env,
    PATH: `${dirname(node.node)}:${process.env.PATH}`,
    ...toCompileSqlite(node.prefix, `-ffile-prefix-map=${resolve(whole)}=.`),
  };
  const [command, ...npm] = node.npm;
  run(command, [...npm, 'ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: whole, env });
  run('strip', ['--strip-unneeded', 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'], {
    cwd: whole,
  });
}
