import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { StoreError } from '../errors.js';
import { WrongHost } from './origins.js';
import { BadParameter } from './parameters.js';

/** The server has as much to do as it takes on. The client can ask again. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

/** What was asked for is not stored. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

const RETRY_AFTER_SECONDS = '5';
/** Set before it failed. */
const OF_THE_ANSWER = [
  'etag',
  'content-disposition',
  'content-encoding',
  'link',
  'pointing-rows',
  'pointing-stride',
];

/** Answers an error in JSON, with a message to act on and no internals. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { status, ...answer } = answerOf(error);
  if (status === 500) request.log.error({ err: error, url: request.url }, 'request failed');
  if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  for (const name of OF_THE_ANSWER) reply.removeHeader(name);
  void reply.code(status).type('application/json; charset=utf-8').send({ error: answer });
}

export function answerNotFound({ method, url }: FastifyRequest, reply: FastifyReply): void {
  const message = `there is no ${method} ${url.split('?')[0]}; /openapi.json lists the routes`;
  void reply.code(404).send({ error: { code: 'not_found', message } });
}

/** For what is answered while the database cannot be read, too. */
export function noneWhileUnreadable(error: unknown): [] {
  if (error instanceof StoreError) return [];
  throw error;
}

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly parameter?: string;
}

function answerOf(error: FastifyError): Answer {
  if (error.validation) return badParameter(error);
  if (error instanceof BadParameter) {
    return { status: 400, code: 'bad_parameter', parameter: error.parameter, message: error.message };
  }
  if (error instanceof NotFound) return { status: 404, code: 'not_found', message: error.message };
  if (error instanceof WrongHost) return { status: 421, code: 'wrong_host', message: error.message };
  if (error instanceof StoreError) {
    return { status: 503, code: `database_${error.kind}`, message: error.message };
  }
  if (error.statusCode && error.statusCode < 500) {
    return { status: error.statusCode, code: 'bad_request', message: error.message };
  }
  if (error instanceof Busy) return { status: 503, code: 'busy', message: error.message };
  return { status: 500, code: 'internal', message: 'internal error; the server’s log has the details' };
}

function badParameter({ validation }: FastifyError): Answer {
  const first = validation?.[0];
  const unknown = first?.params.additionalProperty;
  const parameter = String(unknown ?? first?.params.missingProperty ?? first?.instancePath.slice(1) ?? '');
  const allowed = first?.params.allowedValues;
  const why = unknown
    ? 'unknown parameter'
    : Array.isArray(allowed)
      ? `must be one of ${allowed.join(', ')}`
      : (first?.message ?? 'is invalid');
  return { status: 400, code: 'bad_parameter', parameter, message: `${parameter}: ${why}` };
}
