import type { Logger } from '../log/logger.js';
import type { HistoryReader } from '../store/history-reader.js';
import type { Pulse } from './pulse.js';
import type { StatusSource } from './status-source.js';

/** What the routes read. None of it comes from a request. */
export interface ServeContext {
  readonly reader: HistoryReader;
  readonly status: StatusSource;
  readonly pulse: Pulse;
  readonly log: Logger;
}
