import { Type } from 'typebox';
import { errorCatalogue } from '../../errors.js';
import { countFiles } from '../../store/counts.js';
import { isoOfUnix } from '../../units.js';
import type { ServeContext } from '../context.js';
import { clientIsFresh } from '../freshness.js';
import type { App } from '../server.js';

export const FailuresSchema = Type.Object(
  {
    total: Type.Integer({ description: 'Files that have no pointing until they change' }),
    items: Type.Array(
      Type.Object({
        host: Type.Optional(Type.String({ description: 'Where several hosts share the database' })),
        path: Type.String(),
        code: Type.String(),
        meaning: Type.String({ description: 'What the code means' }),
        message: Type.String({ description: 'What is wrong with this file' }),
        attempts: Type.Integer(),
        recorded_at: Type.String({ description: 'When it was given up, ISO 8601 UTC' }),
      }),
    ),
  },
  { title: 'Failures', description: 'The latest first' },
);

const FailuresQuery = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 100 })) },
  { additionalProperties: false },
);

export function failuresRoute(app: App, { reader }: ServeContext): void {
  app.get(
    '/api/pointing/failures',
    {
      schema: {
        summary: 'Files that could not be read, with why',
        querystring: FailuresQuery,
        response: { 200: FailuresSchema },
      },
    },
    async (request, reply) => {
      if (await clientIsFresh(request, reply, reader)) return reply;
      const counts = await reader.fileCounts();
      const failures = await reader.failures(request.query.limit ?? 100);
      return {
        total: countFiles(counts).failed,
        items: failures.map(({ host, path, errorCode, errorMessage, attempts, recordedAt }) => ({
          ...(host !== null && { host }),
          path,
          code: errorCode,
          meaning: errorCatalogue[errorCode]?.meaning ?? 'a code of another version',
          message: errorMessage,
          attempts,
          recorded_at: isoOfUnix(recordedAt),
        })),
      };
    },
  );
}
