import { type Static, Type } from 'typebox';
import { type ErrorCode, errorCatalogue, retriedWithinSeconds } from '../../errors.js';
import { isoOfUnix } from '../../units.js';
import { query } from '../parameters.js';
import { orNull } from '../quantities.js';
import { route } from '../route.js';

const Failures = Type.Object(
  {
    total: Type.Integer({ description: 'Files in the ledger in this state, not only those listed' }),
    items: Type.Array(
      Type.Object({
        host: Type.Optional(Type.String({ description: 'Only if several hosts share the database' })),
        path: Type.String(),
        code: Type.Unsafe<ErrorCode>(Type.String()),
        meaning: Type.String({ description: 'What the code means' }),
        remedy: Type.String({ description: 'What to do about it; the runbook has more' }),
        message: Type.String({ description: 'Why this file failed' }),
        attempts: Type.Integer(),
        recorded_at: Type.String({ description: 'Of the last try, ISO 8601 UTC' }),
        retried_within_seconds: orNull(
          Type.Integer(),
          'How soon it is retried by itself; null: when it changes, or after `pointing-monitor retry`',
        ),
      }),
    ),
  },
  { title: 'Failures', description: 'Latest first' },
);
/** The answer of `/api/pointing/failures`. */
export type FailuresAnswer = Static<typeof Failures>;

export const failuresRoute = route({
  path: '/api/pointing/failures',
  name: 'listFailures',
  tag: 'Monitor',
  summary: 'Files that could not be read, and why',
  query: query({
    state: Type.Optional(
      Type.Union([Type.Literal('failed'), Type.Literal('waiting')], {
        default: 'failed',
        description: 'failed: most are read again only when they change; waiting: retried often',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 100 })),
  }),
  answer: Failures,
  validity: 'files',
  async respond({ state = 'failed', limit = 100 }, { reader }) {
    const totals = await reader.unsettledFiles();
    const failures = await reader.failures(limit, state);
    return {
      total: totals[state],
      items: failures.map(({ host, path, errorCode, errorMessage, attempts, recordedAt }) => ({
        ...(host !== null && { host }),
        path,
        code: errorCode,
        meaning: errorCatalogue[errorCode]?.meaning ?? 'a code from another version',
        remedy: errorCatalogue[errorCode]?.remedy ?? 'See the runbook of that version.',
        message: errorMessage,
        attempts,
        recorded_at: isoOfUnix(recordedAt),
        retried_within_seconds: retriedWithinSeconds(errorCode, state),
      })),
    };
  },
});
