import { resolve } from 'node:path';
import { openExistingStore } from '../../store/open.js';
import { counted } from '../../units.js';
import { type Environment, requireProductsDb } from '../config.js';
import type { RetryLine } from '../lines.js';
import { print, printJson } from '../output.js';
import type { retry as schema } from '../schema/retry.js';
import type { Arguments } from '../schema/types.js';

export async function retry(
  { products_db, code, path, json }: Arguments<typeof schema>,
  environment: Environment,
): Promise<void> {
  const store = await openExistingStore(requireProductsDb(products_db), environment);
  try {
    let requeued = 0;
    for (const under of path?.map((each) => resolve(each)) ?? [undefined])
      requeued += await store.forget({ ...(code && { code }), ...(under && { under }) });
    if (json) await printJson({ requeued } satisfies RetryLine);
    else await print(`re-queued ${counted(requeued, 'failed file')} in the ledger`);
  } finally {
    await store.close();
  }
}
