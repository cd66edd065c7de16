import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { VERSION } from '../version.js';
import type { App } from './app.js';
import { noneWhileUnreadable } from './errors.js';
import type { InstrumentSource } from './instrument-source.js';

const describe = (
  telescopes: string,
) => `Where ${telescopes} pointed. Times are MJD UTC; angles are degrees. Everything is
read-only, from the monitor's database and status file.`;

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page loads its scripts relative to its directory: by paths from the root it could not be below a path of a proxy. */
function addSlash({ url }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (url.split('?')[0] === '/api') void reply.redirect('api/');
  else done();
}

/** Describes the routes registered after it: `/openapi.json` for programs, `/api` for people. */
export async function describeApi(app: App, instruments: InstrumentSource): Promise<void> {
  await app.register(swagger, {
    stripBasePath: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Pointing monitor',
        version: VERSION,
        description: describe('the telescope'),
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '.', description: 'This server' }],
      // Anyone who reaches the server can read.
      security: [],
      tags: [
        { name: 'Monitor', description: 'The monitor itself' },
        { name: 'Pointing', description: 'Where the telescope pointed' },
      ],
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/api',
    staticCSP: contentSecurityPolicy,
    uiHooks: { onRequest: addSlash },
    // What it reads is a directory below the server.
    transformSpecification: (api) => ({ ...api, servers: [{ url: '..', description: 'This server' }] }),
    transformSpecificationClone: false,
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', defaultModelsExpandDepth: -1 },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => {
    const api = app.swagger();
    const names = await instruments
      .read()
      .then(({ telescopes }) => telescopes.map(({ name }) => name), noneWhileUnreadable);
    if (names.length === 0) return api;
    return { ...api, info: { ...api.info, description: describe(names.join(' and ')) } };
  });
}
