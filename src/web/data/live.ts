import type { Answers } from 'pointing-monitor/types';
import type { Health, Observation } from './api.js';
import { answered } from './connection.js';
import type { MjdSpan } from './range.js';

export interface LiveHandlers {
  readonly health: (health: Health) => void;
  readonly observation: (observation: Observation) => void;
  /** These rows changed; undefined where only the state of files did. */
  readonly changed: (span: MjdSpan | undefined) => void;
  readonly interrupted: () => void;
}

const RECONNECT_MS = 3000;
/** Three of the server's signs of life. */
const SILENT_MS = 45_000;
/** A browser has six connections to a server for all of its tabs. */
const LET_GO_WHEN_HIDDEN_MS = 30_000;
const ALL: MjdSpan = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

type Changed = Answers['/api/pointing/events']['changed'];

/**
 * Follows the server's events while the page is on show. After an interruption, or a first try that failed, everything counts as
 * changed.
 */
export function listen({ health, observation, changed, interrupted }: LiveHandlers): void {
  let source: EventSource | undefined;
  let wasInterrupted = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;

  const letGo = () => {
    clearTimeout(silence);
    source?.close();
    source = undefined;
    wasInterrupted = true;
  };
  /** A connection that a proxy has forgotten stays open and says nothing. */
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      letGo();
      connect();
    }, SILENT_MS);
  };
  const connect = () => {
    const opened = new EventSource('api/pointing/events');
    source = opened;
    heard();
    opened.addEventListener('open', () => {
      answered();
      heard();
      if (wasInterrupted) changed(ALL);
      wasInterrupted = false;
    });
    opened.addEventListener('error', () => {
      wasInterrupted = true;
      interrupted();
      // The browser gives up where a proxy answered in the server's place.
      if (opened.readyState === EventSource.CLOSED)
        setTimeout(() => opened === source && connect(), RECONNECT_MS);
    });
    const take = (name: string, use: (data: string) => void) =>
      opened.addEventListener(name, ({ data }) => {
        heard();
        use(data);
      });
    take('alive', () => undefined);
    take('health', (data) => health(JSON.parse(data)));
    take('observation', (data) => observation(JSON.parse(data)));
    take('changed', (data) => {
      const { from_mjd: start, to_mjd: end } = JSON.parse(data) as Changed;
      changed(start === null || end === null ? undefined : { start, end });
    });
  };

  const followVisibility = () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(letGo, LET_GO_WHEN_HIDDEN_MS);
    else if (!source) connect();
  };
  connect();
  followVisibility();
  document.addEventListener('visibilitychange', followVisibility);
}
