import type { PoolClient } from 'pg';
import {
  ADD_INSTRUMENT,
  boundsOf,
  EXTEND_INSTRUMENT,
  FIND_INSTRUMENT,
  identityOf,
  type Sighting,
} from '../instruments.js';
import { quotable } from './ledger.js';

/** Ids of instruments by `keyOf`, which are added where they are not there. The caller holds the transaction. */
export async function instrumentIds(
  client: PoolClient,
  seen: ReadonlyMap<string, Sighting>,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const [key, sighting] of inOrder(seen)) {
    const { instrument } = sighting;
    const identity = identityOf({ ...instrument, name: quotable(instrument.name) });
    let id = await find(client, identity);
    if (id === undefined) {
      await client.query(ADD_INSTRUMENT, [...identity, ...boundsOf(sighting)]);
      id = await find(client, identity);
    }
    ids.set(key, id as number);
  }
  return ids;
}

/** Notes when they were seen. The last thing in a transaction, since other hosts wait for it. */
export async function extendInstruments(
  client: PoolClient,
  seen: ReadonlyMap<string, Sighting>,
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [key, sighting] of inOrder(seen))
    await client.query(EXTEND_INSTRUMENT, [ids.get(key), ...boundsOf(sighting)]);
}

async function find(client: PoolClient, identity: readonly unknown[]): Promise<number | undefined> {
  const { rows } = await client.query<{ id: number }>(FIND_INSTRUMENT, [...identity]);
  return rows[0]?.id;
}

const inOrder = (seen: ReadonlyMap<string, Sighting>) =>
  [...seen].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
