import type { Health, Observation } from './api.js';

export interface LiveHandlers {
  readonly health: (health: Health) => void;
  readonly observation: (observation: Observation) => void;
  /** Rows or failures changed in some other way, or news may have been missed. */
  readonly changed: () => void;
  readonly connection: (connected: boolean) => void;
}

/** The server's events. The browser connects again by itself; what came in between is asked for. */
export function listen({ health, observation, changed, connection }: LiveHandlers): void {
  const source = new EventSource('api/pointing/events');
  let wasConnected = false;
  source.addEventListener('open', () => {
    connection(true);
    if (wasConnected) changed();
    wasConnected = true;
  });
  source.addEventListener('error', () => connection(false));
  source.addEventListener('health', ({ data }) => health(JSON.parse(data)));
  source.addEventListener('observation', ({ data }) => observation(JSON.parse(data)));
  source.addEventListener('changed', changed);
}
