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
    alive: Type.Object(
      {},
      { description: 'A sign of life at a steady interval; without one the connection is lost' },
    ),
    changed: Type.Object(
      {
        newest_mjd: orNull(Mjd(), 'Null while nothing is stored'),
        from_mjd: orNull(Mjd(), 'The first row that changed; null where only the state of files did'),
        to_mjd: orNull(Mjd(), 'The last row that changed'),
        failures: Type.Integer({ description: 'Files that could not be read, now' }),
      },
      {
        description:
          'Older rows or the number of failures have changed, or many rows came at once: fetch that span again',
      },
    ),
  },
  { title: 'Events' },
);
export type EventData = Static<typeof EventData>;
