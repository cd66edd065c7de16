import type { Answers } from 'pointing-monitor/types';
import type { Health, MjdSpan, Observation } from './api.js';
import { answered } from './connection.js';

export interface LiveHandlers {
  readonly health: (health: Health) => void;
  readonly observation: (observation: Observation) => void;
  /** These rows changed; undefined where only the state of files did. */
  readonly changed: (span: MjdSpan | undefined) => void;
  readonly interrupted: () => void;
}

const RECONNECT_MS = 3000;
const ALL: MjdSpan = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

type Changed = Answers['/api/pointing/events']['changed'];

/** Follows the server's events. After an interruption, or a first try that failed, everything counts as changed. */
export function listen({ health, observation, changed, interrupted }: LiveHandlers): void {
  let wasInterrupted = false;
  const connect = () => {
    const source = new EventSource('api/pointing/events');
    source.addEventListener('open', () => {
      answered();
      if (wasInterrupted) changed(ALL);
      wasInterrupted = false;
    });
    source.addEventListener('error', () => {
      wasInterrupted = true;
      interrupted();
      // The browser gives up where a proxy answered in the server's place.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RECONNECT_MS);
    });
    source.addEventListener('health', ({ data }) => health(JSON.parse(data)));
    source.addEventListener('observation', ({ data }) => observation(JSON.parse(data)));
    source.addEventListener('changed', ({ data }) => {
      const { from_mjd: start, to_mjd: end } = JSON.parse(data) as Changed;
      changed(start === null || end === null ? undefined : { start, end });
    });
  };
  connect();
}
