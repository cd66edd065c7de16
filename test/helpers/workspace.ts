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

/** Children that end at the same time may still write there, and a later hook unmounts what is mounted below. */
const leftOver: string[] = [];
process.once('exit', () => {
  for (const path of leftOver.filter((each) => !removed(each)))
    process.stderr.write(`left behind: ${path}\n`);
});

function removed(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    return true;
  } catch {
    return false;
  }
}

/** A directory of the test's own, gone when the test ends. */
export function workspace(test: Owner): Workspace {
  const path = mkdtempSync(join(tmpdir(), 'pointing-'));
  const incoming = join(path, 'incoming');
  mkdirSync(incoming);
  test.after(() => {
    if (!removed(path)) leftOver.push(path);
  });
  return {
    path,
    incoming,
    productsDb: join(path, 'products.sqlite3'),
    statusFile: join(path, 'status.json'),
  };
}
