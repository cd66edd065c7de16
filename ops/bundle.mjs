/**
 * Bundles the command, and the programs of its threads and processes, into dist/bundle: it starts by reading a few files, not
 * hundreds. A package that needs its own folder while it runs stays a package.
 */
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const COMMAND = 'src/cli.ts';
/** Found beside the module that starts them, in the bundle as in the sources. */
const STARTED = /-(worker|child)\.ts$/;
const PACKAGES = ['@fastify/static', '@fastify/swagger-ui', '@parcel/watcher', 'better-sqlite3', 'piscina'];

/** One file each of what several commands share of these folders, lower floors first: fewer files start faster. */
const SHARED = {
  base: /\/src\/(native\/|[^/]*$)/,
  start: /\/src\/cli\/(schema\/|output|config)/,
  store: /\/src\/store\/[^/]*$/,
  sqlite: /\/src\/store\/sqlite\//,
  sky: /\/src\/sky\//,
  cli: /\/src\/cli\/[^/]*$/,
};

const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const program = bin['pointing-monitor'];
const started = readdirSync(join(root, 'src'), { recursive: true })
  .filter((path) => STARTED.test(path))
  .map((path) => [basename(path, '.ts'), join('src', path)]);

const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: { [basename(program, '.js')]: COMMAND, ...Object.fromEntries(started) },
  external: (id) => PACKAGES.some((name) => id === name || id.startsWith(`${name}/`)),
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
});
const shared = Object.entries(SHARED);
const groups = shared.map(([name, test], i) => ({
  name,
  test,
  minShareCount: 2,
  priority: shared.length - i,
}));
await bundle.write({
  dir: join(root, 'dist/bundle'),
  format: 'esm',
  sourcemap: true,
  cleanDir: true,
  codeSplitting: { groups },
});
chmodSync(join(root, program), 0o755);
