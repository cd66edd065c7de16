/** The thread that answers heavy routes, with a connection of its own. */
import type { MessagePort } from 'node:worker_threads';
import { workerData } from 'piscina';
import type { InstrumentOverrides } from '../../sky/instruments.js';
import { openReader } from '../../store/open.js';
import { stayBehindOthers } from '../behind-others.js';
import { Busy } from '../errors.js';
import { InstrumentSource } from '../instrument-source.js';
import { openedOnce } from '../opened-once.js';
import { type HeavyExchange, type HeavyRoute, isPieces, type Route } from '../route.js';
import { routes } from '../routes/index.js';
import { type CarriedError, carried } from './carried-errors.js';

export interface HeavyWorkerData {
  /** Where the products database is. */
  readonly location: string;
  readonly overrides: InstrumentOverrides;
  /** That of the server's reader. */
  readonly seen?: Int32Array | undefined;
}

export interface HeavyTask {
  /** Of the route. */
  readonly path: string;
  readonly query: unknown;
  readonly exchange: Pick<HeavyExchange, 'url' | 'accept'>;
  /** By it the pieces of the body are asked for, one by one. */
  readonly port: MessagePort;
  /** Not 0 once nobody waits for the answer. */
  readonly abandoned: Int32Array;
}

export interface Head {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Absent where it comes in pieces. */
  readonly body?: Uint8Array;
}

export type Headed = Head | { readonly error: CarriedError };
export type Piece = IteratorResult<string | Uint8Array, undefined> | { readonly error: CarriedError };

stayBehindOthers();
const { location, overrides, seen } = workerData as HeavyWorkerData;
const context = openedOnce(async () => {
  const reader = await openReader(location, { seen });
  return { reader, instruments: new InstrumentSource(reader, overrides) };
});

/** They need no more of the context and of the exchange than they are given here. */
const routed = new Map((routes as readonly Route[]).map((each) => [each.path, each as HeavyRoute]));

export default async function answer(task: HeavyTask): Promise<Headed> {
  const { path, query, exchange, abandoned } = task;
  const headers: [string, string][] = [];
  const header = (name: string, value: string) => void headers.push([name, value]);
  const check = () => {
    if (Atomics.load(abandoned, 0) !== 0) throw new Busy('nobody waits for this answer');
  };
  try {
    check();
    const { reader, instruments } = await context();
    const asked = { reader: reader.checkedBy(check), instruments };
    const body: unknown = await routed.get(path)?.respond(query, asked, { ...exchange, header });
    if (body instanceof Uint8Array) return { headers, body };
    if (!isPieces(body)) return { headers, body: Buffer.from(JSON.stringify(body)) };
    giveOut(body[Symbol.asyncIterator](), task);
    return { headers };
  } catch (error) {
    return { error: carried(error) };
  }
}

/** Bytes that have their memory to themselves are handed over without a copy. */
const transferable = (piece: Piece): ArrayBuffer[] =>
  'value' in piece &&
  piece.value instanceof Uint8Array &&
  piece.value.byteLength === piece.value.buffer.byteLength
    ? [piece.value.buffer as ArrayBuffer]
    : [];

/** Makes each piece when it is asked for. */
function giveOut(
  pieces: AsyncIterator<string | Uint8Array, undefined>,
  { port, abandoned }: HeavyTask,
): void {
  port.on('message', async () => {
    let piece: Piece;
    try {
      piece = await pieces.next();
    } catch (error) {
      piece = { error: carried(error) };
    }
    port.postMessage(piece, transferable(piece));
  });
  port.on('close', () => {
    Atomics.store(abandoned, 0, 1);
    void pieces.return?.();
  });
}
