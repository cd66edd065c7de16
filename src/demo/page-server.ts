import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

const USUAL_PORT = 8000;

/** The port of `serve` where it is free, else 0: any. */
export async function pagePort(): Promise<number> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject).listen(USUAL_PORT, '127.0.0.1', resolve);
    });
    return USUAL_PORT;
  } catch {
    return 0;
  } finally {
    probe.close();
  }
}

/** The address that a `serve` process prints once it listens. */
export async function addressOf(server: ChildProcess): Promise<string> {
  if (!server.stdout) throw new Error('the standard output of the server is not read');
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  return line.toString().trim();
}
