import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { App } from './app.js';

const PAGE = fileURLToPath(new URL('../web', import.meta.url));

/** The page that Vite built, at `/`. Its assets carry a hash in their names, so clients may keep them. */
export async function servePage(app: App): Promise<void> {
  if (!existsSync(PAGE)) {
    app.log.warn(`the page is not built (run npm run build:web); serving only the API`);
    return;
  }
  await app.register(fastifyStatic, {
    root: PAGE,
    wildcard: false,
    index: ['index.html'],
    decorateReply: false,
    schemaHide: true,
    setHeaders: (reply, path) => {
      reply.header(
        'cache-control',
        relative(PAGE, path).startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
}
