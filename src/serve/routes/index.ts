/** Everything that the API answers. A new route is a file beside this one and a line in this list. */
import type { Static, TSchema } from 'typebox';
import type { Route } from '../route.js';
import { calendarRoute } from './calendar.js';
import { calibratorsRoute } from './calibrators.js';
import { changesRoute } from './changes.js';
import { availabilityRoute, capabilitiesRoute, coneRoute } from './cone.js';
import { coverageRoute } from './coverage.js';
import { eventsRoute } from './events.js';
import { failuresRoute } from './failures.js';
import { gapsRoute } from './gaps.js';
import { healthRoute } from './health.js';
import { historyRoute } from './history.js';
import { latestRoute } from './latest.js';
import { metricsRoute } from './metrics.js';
import { mocRoute } from './moc.js';
import { observationRoute } from './observation.js';
import { observedRoute } from './observed.js';
import { recentRoute } from './recent.js';
import { searchRoute } from './search.js';
import { skyRoute } from './sky.js';
import { statusRoute } from './status.js';
import { trackRoute } from './track.js';
import { transitsRoute } from './transits.js';

export const routes = [
  statusRoute,
  historyRoute,
  latestRoute,
  recentRoute,
  observationRoute,
  changesRoute,
  trackRoute,
  coverageRoute,
  calendarRoute,
  gapsRoute,
  observedRoute,
  searchRoute,
  mocRoute,
  coneRoute,
  availabilityRoute,
  capabilitiesRoute,
  calibratorsRoute,
  transitsRoute,
  skyRoute,
  failuresRoute,
  eventsRoute,
  healthRoute,
  metricsRoute,
] as const;

type AnswerOf<R> = R extends Route<string, TSchema, infer Answer> ? Static<Answer> : never;

/**
 * The answer in JSON of each route, by its path: `Answers['/api/pointing_history']`; of the events, the data of each by its
 * name. Unsuccessful answers are `ErrorAnswer`s.
 */
export type Answers = {
  readonly [R in (typeof routes)[number] as AnswerOf<R> extends string ? never : R['path']]: AnswerOf<R>;
};
