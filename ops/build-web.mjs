/** Builds the page with Vite, unless dist/web is newer than all its sources. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const mtime = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const sources = readdirSync(join(root, 'src/web'), { recursive: true }).map((name) => join('src/web', name));
const newest = Math.max(...[...sources, 'src/units.ts', 'package-lock.json', 'vite.config.mjs'].map(mtime));
if (mtime('dist/web/index.html') <= newest) {
  const { build } = await import('vite');
  process.chdir(root);
  await build({ configFile: join(root, 'vite.config.mjs'), logLevel: 'warn' });
}
