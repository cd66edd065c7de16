import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { StoreError } from '../errors.js';
import { BadParameter } from './parameters.js';

/** Every answer that is not the one asked for. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.Object({
      code: Type.String({
        description: 'bad_parameter, not_found, database_<kind>, bad_request or internal',
      }),
      message: Type.String(),
      parameter: Type.Optional(Type.String({ description: 'The query parameter that is wrong' })),
    }),
  },
  { title: 'Error' },
);

/** Answers an error in JSON, with a message to act on and nothing of the program's inside. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { status, ...answer } = answerOf(error);
  if (status === 500) request.log.error({ err: error, url: request.url }, 'a request failed');
  if (status === 503) reply.header('retry-after', '5');
  void reply.code(status).type('application/json; charset=utf-8').send({ error: answer });
}

export function answerNotFound({ method, url }: FastifyRequest, reply: FastifyReply): void {
  const message = `nothing is at ${method} ${url.split('?')[0]}; /openapi.json lists what there is`;
  void reply.code(404).send({ error: { code: 'not_found', message } });
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
  if (error instanceof StoreError) {
    return { status: 503, code: `database_${error.kind}`, message: error.message };
  }
  if (error.statusCode && error.statusCode < 500) {
    return { status: error.statusCode, code: 'bad_request', message: error.message };
  }
  if (error.statusCode === 503) return { status: 503, code: 'busy', message: error.message };
  return { status: 500, code: 'internal', message: 'the server failed to answer; its log says why' };
}

function badParameter({ validation }: FastifyError): Answer {
  const first = validation?.[0];
  const unknown = first?.params.additionalProperty;
  const parameter = String(unknown ?? first?.params.missingProperty ?? first?.instancePath.slice(1) ?? '');
  const allowed = first?.params.allowedValues;
  const why = unknown
    ? 'there is no such parameter'
    : Array.isArray(allowed)
      ? `must be one of ${allowed.join(', ')}`
      : (first?.message ?? 'is not valid');
  return { status: 400, code: 'bad_parameter', parameter, message: `${parameter}: ${why}` };
}
