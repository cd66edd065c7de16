import { SingleBar } from 'cli-progress';
import { note, oneLine } from './output.js';

const REDRAW_MS = 200;
const LINE_SECONDS = 10;
const BAR_WIDTH = 20;
/** Of the bar and its numbers; what is left of the line shows the place. */
const NUMBERS_WIDTH = 75;

/** How far a run is. */
export interface Done {
  readonly done: number;
  readonly total: number;
  /** Or still growing. */
  readonly totalIsKnown: boolean;
  /** What else there is to say, in a few words. */
  readonly note: string;
  /** Where it is at work: shown on a terminal, as much of its end as fits. */
  readonly place?: string;
}

/** Shows how far a run is, on stderr: a bar on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #unit: string;
  readonly #look: () => Done;
  readonly #startedAt = performance.now();
  readonly #bar: SingleBar | undefined;
  readonly #timer: NodeJS.Timeout;

  /** Whatever ends the program, the terminal gets its cursor and its line wrap back. */
  readonly #restore = () => this.#bar?.stop();

  /** `unit` names what is counted, in the plural. */
  constructor(unit: string, look: () => Done) {
    this.#unit = unit;
    this.#look = look;
    if (process.stderr.isTTY) {
      this.#bar = new SingleBar({
        format: `{bar} {value}/{of} ${unit}  {speed}/s  {left}  {note}  {place}`,
        barsize: BAR_WIDTH,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        hideCursor: true,
        stream: process.stderr,
      });
      this.#bar.start(1, 0, this.#payload());
      process.once('exit', this.#restore);
    }
    this.#timer = setInterval(() => this.#show(), this.#bar ? REDRAW_MS : LINE_SECONDS * 1000).unref();
  }

  /** A line for the user, without spoiling the bar. */
  note(line: string): void {
    if (this.#bar) process.stderr.write('\r\x1b[K');
    note(oneLine(line));
  }

  stop(): void {
    clearInterval(this.#timer);
    if (!this.#bar) return;
    this.#show();
    this.#restore();
    process.off('exit', this.#restore);
  }

  #show(): void {
    const { done, total } = this.#look();
    const payload = this.#payload();
    if (this.#bar) {
      this.#bar.setTotal(Math.max(total, 1));
      this.#bar.update(done, payload);
    } else {
      this.note(`${done}/${payload.of} ${this.#unit}, ${payload.speed}/s, ${payload.left}, ${payload.note}`);
    }
  }

  #payload() {
    const { done, total, totalIsKnown, note, place = '' } = this.#look();
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const rate = done / Math.max(seconds, 1e-3);
    return {
      of: totalIsKnown ? String(total) : `${total}+`,
      note,
      place: ending(oneLine(place), (process.stderr.columns ?? 0) - NUMBERS_WIDTH),
      speed: Math.round(rate),
      left: !totalIsKnown ? 'still listing' : rate > 0 ? `${duration((total - done) / rate)} left` : '',
    };
  }
}

/** The end of a text that is longer than the room for it. */
function ending(text: string, room: number): string {
  if (text.length <= room) return text;
  return room < 8 ? '' : `…${text.slice(1 - room)}`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
}
