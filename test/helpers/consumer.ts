import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { root, workspace } from './workspace.js';

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const strictest = {
  strict: true,
  skipLibCheck: false,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: 'es2023',
  types: [],
};

function directoryOf(test: TestContext, files: Readonly<Record<string, string>>): string {
  const { path } = workspace(test);
  for (const [name, text] of Object.entries({ 'package.json': '{"type": "module"}', ...files })) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/**
 * Compiles a program that has this package installed, and nothing else: a link to the repository would find the type
 * packages that it has for its own development. Gives the compiler's complaints, a line each.
 */
export function compile(
  test: TestContext,
  files: Readonly<Record<string, string>>,
  options: Readonly<Record<string, unknown>> = { module: 'nodenext', lib: ['es2023'] },
): string[] {
  const directory = directoryOf(test, {
    ...files,
    'tsconfig.json': JSON.stringify({ compilerOptions: { ...strictest, ...options } }),
  });
  const installed = join(directory, 'node_modules', 'pointing-monitor');
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  cpSync(join(root, 'dist'), join(installed, 'dist'), {
    recursive: true,
    filter: (path) => !/\.(js|map|tsbuildinfo)$/.test(path),
  });
  // npm installs it with the package, whose types refer to it.
  symlinkSync(join(root, 'node_modules', 'typebox'), join(directory, 'node_modules', 'typebox'));
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', directory, '--pretty', 'false'], {
    cwd: directory,
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`.split('\n').filter(Boolean);
}

/** Runs a program of a directory in which this package is installed, by a link. */
export function runProgram(test: TestContext, name: string, text: string, args: readonly string[] = []) {
  const directory = directoryOf(test, { [name]: text });
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(root, join(directory, 'node_modules', 'pointing-monitor'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(directory, name), ...args], {
    cwd: directory,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}
