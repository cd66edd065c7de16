import { StoreError } from '../errors.js';
import { openExistingReader } from '../store/open.js';
import type { ImplausibleCounts, ImplausibleReason } from '../store/plausible.js';
import type { UnmatchedFiles } from '../store/rows.js';
import { counted } from '../units.js';
import { type Check, failed, ok, warning } from './check.js';
import { checkTelescopes } from './telescopes.js';

const WORDS: Partial<Record<ImplausibleReason, string>> = {
  impossible_time: 'an impossible time',
  future: 'a time in the future',
  no_position: 'no possible position',
};

/** What other programs have done to the history, and which telescopes it is of. Nothing in it is changed. */
export async function checkRows(location: string): Promise<Check[]> {
  const reader = await openExistingReader(location);
  try {
    return [
      await checked('foreign rows', async () => checkForeign(await reader.implausibleRows('all'))),
      await checked('ledger', async () => checkUnmatched(await reader.unmatchedFiles())),
      await checked('telescope', async () => checkTelescopes(await reader.instruments())),
    ];
  } finally {
    await reader.close();
  }
}

async function checked(name: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof StoreError) return failed(name, error.message);
    throw error;
  }
}

function checkForeign(counts: ImplausibleCounts): Check {
  const found = (Object.keys(WORDS) as ImplausibleReason[]).flatMap((reason) =>
    counts[reason] ? [`${counts[reason]} with ${WORDS[reason]}`] : [],
  );
  return found.length === 0
    ? ok('foreign rows', 'every row could be that of an observation')
    : warning(
        'foreign rows',
        `rows from other programs are left out: ${found.join(', ')}; this program never deletes them`,
      );
}

function checkUnmatched({ files, first }: UnmatchedFiles): Check {
  return files === 0
    ? ok('ledger', 'every stored file has its row in the history')
    : warning(
        'ledger',
        `${counted(files, 'stored file')} without a row in the history, or with one that another program changed (${first.join(', ')}${files > first.length ? ', ...' : ''}): a monitor or a backfill rereads those that are still on disk`,
      );
}
