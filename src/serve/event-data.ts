import { type Static, Type } from 'typebox';
import type { IssueCode } from '../issues.js';
import { ObservationItem } from './observation.js';
import { Mjd, orNull } from './quantities.js';

/** The data of the events of `/api/pointing/events`, by their names. */
export const EventData = Type.Object(
  {
    health: Type.Object(
      {
        running: Type.Boolean(),
        healthy: Type.Boolean(),
        stale: Type.Boolean(),
        issues: Type.Array(Type.String()),
        issue_codes: Type.Array(Type.Unsafe<IssueCode>(Type.String()), {
          description: 'One for each of the issues, in their order',
        }),
      },
      { description: 'On connection, and at every change' },
    ),
    observation: ObservationItem,
    changed: Type.Object(
      { newest_mjd: orNull(Mjd(), 'Null while nothing is stored') },
      {
        description:
          'Older rows or the state of files have changed, or many rows came at once: fetch again what you show',
      },
    ),
  },
  { title: 'Events' },
);
export type EventData = Static<typeof EventData>;
