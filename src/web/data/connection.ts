/** Whether the server answers. */

export interface Connection {
  /** When the server was first found unreachable; undefined while it answers. */
  readonly lostAt: Date | undefined;
  readonly lastAnswerAt: Date;
}

/** The server, or a proxy before it, gave no answer of ours. */
export class ServerUnreachable extends Error {}

type Listener = (connection: Connection) => void;
let connection: Connection = { lostAt: undefined, lastAnswerAt: new Date() };
let listener: Listener = () => undefined;

/** Calls the listener whenever the connection is lost or restored. */
export function onConnectionChange(listen: Listener): void {
  listener = listen;
}

export function answered(): void {
  const wasLost = connection.lostAt !== undefined;
  connection = { lostAt: undefined, lastAnswerAt: new Date() };
  if (wasLost) listener(connection);
}

export function unreachable(): ServerUnreachable {
  if (!connection.lostAt) {
    connection = { ...connection, lostAt: new Date() };
    listener(connection);
  }
  return new ServerUnreachable('the server is unreachable');
}
