import type { Status } from '#src/health/status.js';
import { openStore } from '#src/store/open.js';
import { type Made, recordObservations } from './observations.js';
import { Postgres } from './postgres.js';
import { statusText } from './server.js';
import type { Owner } from './workspace.js';

/** A database that hosts share, with observations and what the monitor of each says. Gives its URL. */
export async function sharedBy(
  owner: Owner,
  hosts: Readonly<Record<string, Partial<Status>>>,
  all: readonly Made[],
): Promise<string> {
  const url = await (await Postgres.start(owner)).database();
  for (const [i, [host, status]] of Object.entries(hosts).entries()) {
    const store = await openStore(url, { host, lockWait: 'short' });
    await store.check();
    if (i === 0) await recordObservations(store, all);
    await store.putStatus(statusText(status));
    await store.close();
  }
  return url;
}
