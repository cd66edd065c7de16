import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
export const fixture = (name: string) => join(root, 'test', 'fixtures', name);

/** A test, or a long run that ends what it has started in the same way. */
export type Owner = Pick<TestContext, 'after' | 'diagnostic'>;

export interface Workspace {
  readonly path: string;
  readonly incoming: string;
  readonly productsDb: string;
  readonly statusFile: string;
}

/** A directory of the test's own, gone when the test ends. */
export function workspace(test: Owner): Workspace {
  const path = mkdtempSync(join(tmpdir(), 'pointing-'));
  const incoming = join(path, 'incoming');
  mkdirSync(incoming);
  // Children that end at the same time may still write here; a left-over must not keep them from being ended.
  test.after(() => {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      test.diagnostic(`left behind: ${path}: ${(error as Error).message}`);
    }
  });
  return {
    path,
    incoming,
    productsDb: join(path, 'products.sqlite3'),
    statusFile: join(path, 'status.json'),
  };
}
