import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { waitFor } from './wait.js';
import { root } from './workspace.js';

/** A service manager's socket, which Node cannot make; ended with the test. */
export class NotifySocket {
  readonly path: string;
  /** What has come, in its order. */
  readonly messages: string[] = [];

  private constructor(path: string) {
    this.path = path;
  }

  static async open(test: TestContext, path: string): Promise<NotifySocket> {
    const socket = new NotifySocket(path);
    const python = spawn('python3', [join(root, 'test/helpers/notify_socket.py'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    test.after(() => python.kill('SIGKILL'));
    createInterface(python.stdout).on('line', (line) => socket.messages.push(JSON.parse(line)));
    await waitFor('the notify socket', () => socket.messages.shift() === 'bound');
    return socket;
  }

  /** How many of the message have come. */
  count(message: string): number {
    return this.messages.filter((each) => each === message).length;
  }

  has(pattern: RegExp): boolean {
    return this.messages.some((message) => pattern.test(message));
  }
}
