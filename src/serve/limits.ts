import type { Socket } from 'node:net';
import type { App } from './app.js';
import { Busy } from './errors.js';

/** Connections at once. */
const MAX_CONNECTIONS = 3000;
/** Of these, the last ones are for questions about the monitor: probes, status, metrics. */
const RESERVED_CONNECTIONS = 100;

/** A number of places of which one address can take no more than half. */
export class Places {
  readonly #max: number;
  readonly #what: string;
  readonly #taken = new Map<string, number>();
  #total = 0;

  constructor(max: number, what: string) {
    this.#max = max;
    this.#what = what;
  }

  get total(): number {
    return this.#total;
  }

  isFreeFor(address: string): boolean {
    return this.#total < this.#max && (this.#taken.get(address) ?? 0) < this.#max / 2;
  }

  /** Takes places and returns the function that frees them. Throws Busy if all are taken already. */
  take(address: string, count = 1): () => void {
    if (!this.isFreeFor(address)) {
      throw new Busy(`${this.#what}: the limit is ${this.#max}, half of it for one address; try again later`);
    }
    this.#total += count;
    this.#taken.set(address, (this.#taken.get(address) ?? 0) + count);
    let isFreed = false;
    return () => {
      if (isFreed) return;
      isFreed = true;
      this.#total -= count;
      const left = (this.#taken.get(address) ?? count) - count;
      if (left > 0) this.#taken.set(address, left);
      else this.#taken.delete(address);
    };
  }
}

/**
 * Cuts off clients that read nothing of their answer for this long. Those whose answer is still being made, however slowly,
 * are not idle.
 */
export function cutIdle(app: App, idleSeconds: number): void {
  const answering = new Set<Socket>();
  app.server.timeout = idleSeconds * 1000;
  app.server.on('timeout', (socket: Socket) => {
    if (socket.writableLength > 0 || !answering.has(socket)) socket.destroy();
  });
  app.addHook('onRequest', async ({ socket }, reply) => {
    answering.add(socket);
    reply.raw.once('close', () => answering.delete(socket));
  });
}

/** Keeps one client from having all connections, and some connections for probes. */
export function limitConnections(app: App): void {
  const connections = new Places(MAX_CONNECTIONS, 'too many connections are open');
  app.server.maxConnections = MAX_CONNECTIONS;
  app.server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (!connections.isFreeFor(address)) socket.destroy();
    else socket.once('close', connections.take(address));
  });
  app.addHook('onRequest', async ({ routeOptions }, reply) => {
    if (connections.total <= MAX_CONNECTIONS - RESERVED_CONNECTIONS) return;
    if (routeOptions.schema?.tags?.includes('Monitor')) return;
    reply.header('connection', 'close');
    throw new Busy('nearly all connections are taken: try again later');
  });
}
