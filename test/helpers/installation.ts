import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { root } from './workspace.js';

/** Runs ops/install or ops/uninstall, of the repository unless told otherwise, to its end. */
export function ops(name: 'install' | 'uninstall', args: readonly string[], from = root) {
  const { status, stdout, stderr } = spawnSync(join(from, 'ops', name), args, { encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

/** As `ops`; throws an Error with what was said unless it succeeds. */
export function install(prefix: string, args: readonly string[] = [], from = root): string {
  const { code, stdout, stderr } = ops('install', ['--prefix', prefix, ...args], from);
  if (code !== 0) throw new Error(`ops/install: ${stderr}`);
  return stdout;
}

/** A version to install: links to this one, with ops and a changelog of its own, and of the dependencies only two, for speed. */
export function version(path: string, name: string): string {
  const tree = join(path, name);
  mkdirSync(tree);
  for (const link of ['build', 'dist', 'node_modules', 'vendor'])
    symlinkSync(join(root, link), join(tree, link));
  const copies = [
    'docs',
    'ops',
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'package.json',
  ];
  for (const copy of copies) {
    cpSync(join(root, copy), join(tree, copy), { recursive: true });
  }
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const kept = ['node_modules/better-sqlite3', 'node_modules/bindings'].map((folder) => [
    folder,
    packages[folder],
  ]);
  writeFileSync(join(tree, 'package-lock.json'), JSON.stringify({ packages: Object.fromEntries(kept) }));
  appendFileSync(join(tree, 'CHANGELOG.md'), `\nThe ${name} version.\n`);
  return tree;
}

/** Every file and link below a directory by its path there, with its mode and what it holds. */
export function snapshot(directory: string): Map<string, string> {
  const entries = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(
    entries.flatMap((path) => {
      const absolute = join(directory, path);
      const entry = lstatSync(absolute);
      if (entry.isDirectory()) return [];
      const content = entry.isSymbolicLink()
        ? `-> ${readlinkSync(absolute)}`
        : createHash('sha256').update(readFileSync(absolute)).digest('hex');
      return [[path, `${(entry.mode & 0o777).toString(8)} ${content}`]];
    }),
  );
}

/** A unit as installed below a prefix: its settings, and the command that a service manager would run, on the prefix's tree. */
export function installedUnit(prefix: string, name: string) {
  const text = readFileSync(join(prefix, 'etc/systemd/system', name), 'utf8');
  const values = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value as string);
  const environment: Record<string, string | undefined> = {
    ...parseEnv(
      values('Environment')
        .map((each) => each.replace(/^"(.*)"$/, '$1'))
        .join('\n'),
    ),
    ...parseEnv(readFileSync(join(prefix, values('EnvironmentFile')[0] as string), 'utf8')),
  };
  const command = (instance = '') =>
    (values('ExecStart')[0] as string).split(' ').flatMap((word) => {
      // As systemd.service(5) has it: $NAME is split into words, ${NAME} is one.
      if (/^\$\w+$/.test(word)) return (environment[word.slice(1)] ?? '').split(' ').filter(Boolean);
      return word
        .replaceAll(/\$\{(\w+)\}/g, (_, variable) => environment[variable] ?? '')
        .replaceAll('%i', instance)
        .replace(/^\/opt\//, `${prefix}/opt/`);
    });
  return { text, values, environment, command };
}
