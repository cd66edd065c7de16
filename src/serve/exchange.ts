/** What a route sees of a request beside its query, and sets of the answer beside its body. */
export interface Exchange {
  /** Path and query, as the client wrote them. */
  readonly url: string;
  /** Where the client reaches the server: scheme, host, and a path if a proxy has one for it. */
  readonly root: string;
  readonly accept: string;
  /** Of the client, as far as it is known. */
  readonly address: string;
  status(code: number): void;
  header(name: string, value: string): void;
  /** Calls back once if the client leaves before its answer has ended. */
  onLeave(callback: () => void): void;
}
