import { type Static, Type } from 'typebox';

/** The body of every answer with a status of 400 or more. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.Object({
      code: Type.String({
        description:
          'bad_parameter, not_found, bad_request, wrong_host, busy, database_<kind of error> or internal',
      }),
      message: Type.String({ description: 'What happened, and what to do' }),
      parameter: Type.Optional(Type.String({ description: 'The invalid query parameter' })),
    }),
  },
  { title: 'Error' },
);
export type ErrorAnswer = Static<typeof ErrorAnswer>;

/** Those that every route can answer with. */
export const ERROR_STATUSES = [400, 404, 421, 500, 503] as const;
