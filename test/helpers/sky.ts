import { Instruments, type TakenRow } from '#src/sky/instruments.js';
import { feed, type RowSink } from '#src/sky/observation-time.js';

/** The instruments of a history that says nothing of them: the DSA-110. */
export const unknownInstruments = new Instruments();

/** A sink that was given rows, oldest first, of telescopes that are not told apart. */
export async function fed<Sink extends RowSink>(
  sink: Sink,
  rows: Iterable<TakenRow>,
  instruments = unknownInstruments,
): Promise<Sink> {
  await feed(rows, instruments, () => [sink]);
  return sink;
}
