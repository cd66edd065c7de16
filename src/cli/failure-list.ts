import type { ErrorCode } from '../errors.js';
import { escapeControls } from '../log/plain-line.js';
import type { FailureLine } from './lines.js';

const LISTED = 50;

/** The files that failed: with --json each at once on stdout, else at the end on stderr, the first fifty by name. */
export class FailureList {
  readonly #json: boolean;
  readonly #first: FailureLine[] = [];
  readonly #byCode = new Map<ErrorCode, number>();

  constructor(json: boolean) {
    this.#json = json;
  }

  add({ path, error }: FailureLine): void {
    if (this.#json) {
      process.stdout.write(`${JSON.stringify({ path, error } satisfies FailureLine)}\n`);
      return;
    }
    this.#byCode.set(error.code, (this.#byCode.get(error.code) ?? 0) + 1);
    if (this.#first.length < LISTED) this.#first.push({ path, error });
  }

  print(): void {
    for (const { path, error } of this.#first)
      process.stderr.write(`${escapeControls(`${path}: ${error.code}: ${error.message}`)}\n`);
    const all = [...this.#byCode.values()].reduce((sum, count) => sum + count, 0);
    if (all <= LISTED) return;
    const counts = [...this.#byCode].map(([code, count]) => `${count} ${code}`).join(', ');
    process.stderr.write(`${all} failed in all: ${counts}; --json lists every one\n`);
  }
}
