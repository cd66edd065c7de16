import { SingleBar } from 'cli-progress';
import type { BackfillCounts } from '../backfill.js';

const REDRAW_MS = 200;
const LINE_SECONDS = 10;

/** Shows how far a backfill is, on stderr: a bar on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #counts: BackfillCounts;
  readonly #startedAt = performance.now();
  readonly #bar: SingleBar | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(counts: BackfillCounts) {
    this.#counts = counts;
    if (process.stderr.isTTY) {
      this.#bar = new SingleBar({
        format: '{bar} {value}/{files} files  {speed}/s  {left}  {failed} failed',
        barsize: 30,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        hideCursor: true,
        stream: process.stderr,
      });
      this.#bar.start(1, 0, this.#payload());
    }
    this.#timer = setInterval(() => this.#show(), this.#bar ? REDRAW_MS : LINE_SECONDS * 1000).unref();
  }

  /** A line for the user, without spoiling the bar. */
  note(line: string): void {
    process.stderr.write(`${this.#bar ? '\r\x1b[K' : ''}${line}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
    if (!this.#bar) return;
    this.#show();
    this.#bar.stop();
  }

  #show(): void {
    const { files, failed } = this.#counts;
    const payload = this.#payload();
    if (this.#bar) {
      this.#bar.setTotal(Math.max(files, 1));
      this.#bar.update(this.#done, payload);
    } else {
      this.note(
        `${this.#done}/${payload.files} files, ${payload.speed}/s, ${payload.left}, ${failed} failed`,
      );
    }
  }

  get #done(): number {
    return this.#counts.succeeded + this.#counts.failed;
  }

  #payload() {
    const { files, failed, listed } = this.#counts;
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const rate = this.#done / Math.max(seconds, 1e-3);
    return {
      files: listed ? String(files) : `${files}+`,
      failed,
      speed: Math.round(rate),
      left: !listed ? 'still listing' : rate > 0 ? `${duration((files - this.#done) / rate)} left` : '',
    };
  }
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
}
