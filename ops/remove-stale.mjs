/** Removes what TypeScript compiled from sources that are gone: it would be tested, and shipped. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const COMPILED = { dist: 'src', 'dist-test': 'test', 'build/web': 'src/web' };
/** Built by other tools. */
const NOT_COMPILED = /^(bundle|web)\//;

for (const [built, sources] of Object.entries(COMPILED)) {
  const folder = join(root, built);
  for (const path of existsSync(folder) ? readdirSync(folder, { recursive: true }) : []) {
    const [, stem] = /^(.*?)(\.d\.ts|\.js|\.js\.map)$/.exec(path) ?? [];
    if (!stem || NOT_COMPILED.test(path) || existsSync(join(root, sources, `${stem}.ts`))) continue;
    rmSync(join(folder, path));
  }
}
