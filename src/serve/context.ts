import type { Logger } from '../log/logger.js';
import type { HistoryReader } from '../store/reader.js';
import type { ChangeFeed } from './change-feed.js';
import type { StatusSource } from './status-source.js';

/** What the routes read. None of it comes from a request. */
export interface ServeContext {
  readonly reader: HistoryReader;
  readonly status: StatusSource;
  readonly changeFeed: ChangeFeed;
  readonly log: Logger;
}
