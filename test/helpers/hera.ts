import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { cli } from './cli.js';
import { goldenTable } from './golden.js';
import { type Owner, root, type Workspace, workspace } from './workspace.js';

const golden = goldenTable('hera.tsv');
/** What astropy and healpy say of the night: see test/golden/hera.py. */
export const values = (what: string) =>
  golden.filter((row) => row.what === what).map(({ value }) => Number(value));
export const value = (what: string) => values(what)[0] as number;

/** A night of HERA, in the history by a backfill. */
export async function night(t: Owner): Promise<Workspace> {
  const place = workspace(t);
  const script = join(root, 'test', 'golden', 'hera.py');
  execFileSync('/usr/bin/python3', ['-B', script, 'files', place.incoming]);
  await backfill(place.incoming, place.productsDb);
  return place;
}

export async function backfill(directory: string, productsDb: string): Promise<void> {
  const { code, stderr } = await cli(['backfill', directory, productsDb, '--pattern', '*5']);
  assert.equal(code, 0, stderr);
}
