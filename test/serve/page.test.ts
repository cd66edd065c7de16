import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { fastify } from 'fastify';
import type { servePage } from '#src/serve/page.js';
import { root, workspace } from '../helpers/workspace.js';

test('below a directory named assets, too, only the page’s own assets are kept by clients', async (t) => {
  const place = join(workspace(t).path, 'assets');
  for (const folder of ['serve', 'web/assets']) mkdirSync(join(place, folder), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  writeFileSync(join(place, 'package.json'), '{"type":"module"}');
  copyFileSync(join(root, 'dist/serve/page.js'), join(place, 'serve/page.js'));
  writeFileSync(join(place, 'web/index.html'), 'page');
  writeFileSync(join(place, 'web/assets/page-1a2b.js'), 'script');
  const page: { servePage: typeof servePage } = await import(
    String(pathToFileURL(join(place, 'serve/page.js')))
  );
  const app = fastify();
  t.after(() => app.close());
  await page.servePage(app as unknown as Parameters<typeof servePage>[0]);
  const kept = async (url: string) => (await app.inject(url)).headers['cache-control'];
  assert.equal(await kept('/'), 'no-cache');
  assert.match(String(await kept('/assets/page-1a2b.js')), /immutable/);
});
