/** Whether the server answers. */
import { nowMjd } from './clock.js';

export interface Connection {
  /** When the server was first found unreachable; undefined while it answers. */
  readonly lostMjd: number | undefined;
  readonly lastAnswerMjd: number;
}

/** The server, or a proxy before it, gave no answer of ours. */
export class ServerUnreachable extends Error {}

type Listener = (connection: Connection) => void;
let connection: Connection = { lostMjd: undefined, lastAnswerMjd: nowMjd() };
let listener: Listener = () => undefined;

/** Calls the listener whenever the connection is lost or restored. */
export function onConnectionChange(listen: Listener): void {
  listener = listen;
}

/** Whether the server is known to be unreachable. */
export const isUnreachable = () => connection.lostMjd !== undefined;

export function answered(): void {
  const wasLost = connection.lostMjd !== undefined;
  connection = { lostMjd: undefined, lastAnswerMjd: nowMjd() };
  if (wasLost) listener(connection);
}

export function unreachable(): ServerUnreachable {
  if (connection.lostMjd === undefined) {
    connection = { ...connection, lostMjd: nowMjd() };
    listener(connection);
  }
  return new ServerUnreachable('the server is unreachable');
}
