import type { ErrorCode } from '../errors.js';
import type { FailureLine } from './lines.js';
import { note, oneLine, printJson } from './output.js';

const LISTED = 50;

/** The files that gave no pointing: with --json each at once on stdout, else at the end on stderr, the first fifty by name. */
export class FailureList {
  readonly #json: boolean;
  readonly #first: FailureLine[] = [];
  readonly #byCode = new Map<ErrorCode, number>();

  constructor(json: boolean) {
    this.#json = json;
  }

  async add({ path, error }: FailureLine): Promise<void> {
    if (this.#json) return printJson({ path, error } satisfies FailureLine);
    this.#byCode.set(error.code, (this.#byCode.get(error.code) ?? 0) + 1);
    if (this.#first.length < LISTED) this.#first.push({ path, error });
  }

  print(): void {
    for (const { path, error } of this.#first) note(oneLine(`${path}: ${error.code}: ${error.message}`));
    const all = [...this.#byCode.values()].reduce((sum, count) => sum + count, 0);
    if (all <= LISTED) return;
    const counts = [...this.#byCode].map(([code, count]) => `${count} ${code}`).join(', ');
    note(`${all} files failed: ${counts}; --json lists them all`);
  }
}
