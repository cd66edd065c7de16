import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { Busy } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { Shared } from '../history/shared.js';
import type { Body, Route } from '../route.js';
import { openThread } from '../thread.js';
import { Turns } from '../turns.js';
import { carried, received } from './carried-errors.js';
import type { Head, Headed, HeavyTask, HeavyWorkerData, Piece } from './heavy-worker.js';

const WORKER = fileURLToPath(new URL('./heavy-worker.js', import.meta.url));
/** Different questions, running and waiting; each that waits holds its connection and some kilobytes. */
const MAX_QUESTIONS = 400;
/** Those whose answers are taken piece by piece are bounded as long answers. */
const MAX_ANSWERS = 1000;

/** Of `whole` answers, each of which holds all that it found. */
const MAX_AT_ONCE = 2;
const ENDED: Piece = { error: carried(new Busy('the thread that made this answer has ended')) };

interface Answered extends Head {
  readonly port: MessagePort;
}

/**
 * Answers heavy routes in a thread of its own, which starts at the first: status, health and metrics are answered meanwhile.
 */
export class HeavyRoutes {
  readonly #pool: Piscina<HeavyTask, Headed>;
  readonly #version: () => Promise<string>;
  readonly #questions = new Shared<Answered>(new Turns(MAX_AT_ONCE, MAX_QUESTIONS));

  /** `version`: another text after every change of the database. */
  constructor(data: HeavyWorkerData, version: () => Promise<string>, reportEnd: (error: Error) => void) {
    this.#version = version;
    this.#pool = openThread(WORKER, data, MAX_ANSWERS, reportEnd);
  }

  /** Equal questions at the same time are answered once. Throws Busy beyond the limit, and what the route throws. */
  async respond({ path, heavy }: Route, query: unknown, exchange: Exchange): Promise<Body> {
    const { url, accept } = exchange;
    const ask = (abandoned: Int32Array) => this.#ask({ path, query, exchange: { url, accept }, abandoned });
    let answered: Promise<Answered>;
    if (heavy === 'pieces') {
      const abandoned = new Int32Array(new SharedArrayBuffer(4));
      exchange.onLeave(() => void Atomics.store(abandoned, 0, 1));
      answered = ask(abandoned);
    } else {
      const key = `${await this.#version()} ${url}`;
      answered = this.#questions.run(key, ask, exchange);
    }
    const { headers, body, port } = await answered;
    for (const [name, value] of headers) exchange.header(name, value);
    return body ?? new Pieces(port);
  }

  close(): Promise<void> {
    return this.#pool.close({ force: true });
  }

  async #ask(task: Omit<HeavyTask, 'port'>): Promise<Answered> {
    const { port1, port2 } = new MessageChannel();
    try {
      const answer = await this.#pool.run({ ...task, port: port2 }, { transferList: [port2] });
      if ('error' in answer) throw received(answer.error);
      if (answer.body) port1.close();
      return { ...answer, port: port1 };
    } catch (error) {
      // A channel that is not closed is never collected.
      port1.close();
      throw error;
    }
  }
}

/** The pieces of an answer. While the client takes one, the next is made, and no more. */
export class Pieces implements AsyncIterableIterator<string | Uint8Array> {
  readonly #port: MessagePort;
  #arrived: ((piece: Piece) => void) | undefined;
  #isClosed = false;
  #ahead: Promise<Piece>;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (piece: Piece) => this.#arrived?.(piece));
    // Also when the thread has ended, which then answers nothing that is asked later.
    port.on('close', () => {
      this.#isClosed = true;
      this.#arrived?.(ENDED);
    });
    this.#ahead = this.#ask();
  }

  async next(): Promise<IteratorResult<string | Uint8Array>> {
    const piece = await this.#ahead;
    if ('error' in piece) throw received(piece.error);
    if (piece.done) this.#port.close();
    else this.#ahead = this.#ask();
    return piece;
  }

  async return(): Promise<IteratorResult<string | Uint8Array>> {
    this.#port.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #ask(): Promise<Piece> {
    if (this.#isClosed) return Promise.resolve(ENDED);
    return new Promise((arrived) => {
      this.#arrived = arrived;
      this.#port.postMessage('next');
    });
  }
}
