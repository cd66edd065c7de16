import {
  type Choice,
  choiceOfAddress,
  customAsAddressed,
  followChoice,
  rememberBrush,
  rememberChoice,
  spanOfChoice,
} from './choice.js';
import { fetchGaps, fetchTrack, type Gap, MAX_POINTS, type MjdSpan, type Observation } from './data/api.js';
import { nowMjd } from './data/clock.js';
import type { RangeName } from './data/range.js';
import { Track } from './data/track.js';
import type { SkyMap } from './map/sky-map.js';
import { showGaps } from './panels/gaps.js';
import { showSelection } from './panels/selection.js';
import type { Seen } from './panels/tabs.js';
import { TimePlots } from './panels/time-plots.js';
import { onTimeScaleChange } from './times.js';

/** A backfill changes rows all the time; the page follows at its own pace. */
const REFRESH_EVERY_MS = 3000;
/** A thinned track is fetched as a whole. */
const REFRESH_THINNED_EVERY_MS = 20_000;
/** Time passes on the axis, and the gap that is open grows. */
const TICK_MS = 60_000;
/** Rows that come together close their gaps together. */
const GAPS_AFTER_ROWS_MS = 1000;

const union = (a: MjdSpan | undefined, b: MjdSpan): MjdSpan =>
  a ? { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) } : b;

/** The time on show, its rows, and the part of them that is selected. */
export class TimeView {
  track = new Track();
  #choice = choiceOfAddress();
  readonly #map: SkyMap;
  readonly #attempt: (task: () => Promise<void>) => Promise<boolean>;
  readonly #onSeen: (seen: Seen) => void;
  readonly #plots: TimePlots;
  readonly #choiceListeners: (() => void)[] = [];
  #newestMjd: number | undefined;
  #gaps: readonly Gap[] = [];
  /** What the rows on show were asked for. */
  #loaded: MjdSpan | undefined;
  /** What is on show. */
  #shown: Choice | undefined;
  #loading: AbortController | undefined;
  #changed: MjdSpan | undefined;
  #refreshing = false;
  #tickTimer: ReturnType<typeof setTimeout> | undefined;
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    map: SkyMap,
    attempt: (task: () => Promise<void>) => Promise<boolean>,
    onSeen: (seen: Seen) => void,
    openObservation: (mjd: number) => void,
  ) {
    this.#map = map;
    this.#attempt = attempt;
    this.#onSeen = onSeen;
    this.#plots = new TimePlots((brush) => this.select(brush), openObservation);
    setInterval(() => void attempt(() => this.#tick()), TICK_MS);
    onTimeScaleChange(() => this.#loaded && this.#paintAll());
    followChoice((choice) => {
      this.#choice = choice;
      void attempt(() => this.load());
    });
  }

  get range(): RangeName {
    return this.#choice.range;
  }

  /** Calls back when another range has been chosen. */
  onChoice(listener: () => void): void {
    this.#choiceListeners.push(listener);
  }

  /** Shows another range. */
  async choose(range: RangeName, custom: MjdSpan | undefined): Promise<void> {
    this.#choice = { range, custom: customAsAddressed(custom), brush: undefined };
    rememberChoice(this.#choice, 'push');
    await this.load();
  }

  /** Selects a part of the time on show; undefined selects all of it. */
  select(brush: MjdSpan | undefined): void {
    this.#choice = { ...this.#choice, brush };
    if (this.#shown) this.#shown = { ...this.#shown, brush };
    rememberBrush(brush);
    this.#plots.markBrush(brush);
    this.#paint();
  }

  /** What is on the map: the selection, else the whole range. */
  get span(): MjdSpan {
    return this.#choice.brush ?? this.#spanOfRange();
  }

  /** The same with both ends finite: as far as there are rows, and until now. */
  get finiteSpan(): MjdSpan {
    return this.#finite(this.span);
  }

  #finite({ start, end }: MjdSpan): MjdSpan {
    const now = nowMjd();
    const newest = this.#newestMjd ?? now;
    return {
      start: Number.isFinite(start) ? start : this.track.count > 0 ? this.track.mjd(0) : newest - 1,
      end: Number.isFinite(end) ? end : Math.max(now, newest),
    };
  }

  /**
   * Fetches the rows of another range; what is on show stays until they have come, and `instrument` where another telescope's are
   * asked for. Only another choice abandons it.
   */
  async load(instrument?: Promise<unknown>): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const changedBefore = this.#changed;
    this.#changed = undefined;
    document.body.toggleAttribute('data-loading', true);
    this.#tellChoice();
    const choice = this.#choice;
    const span = this.#spanOfRange();
    try {
      const [track, gaps] = await Promise.all([
        fetchTrack(span, loading.signal),
        fetchGaps(span, loading.signal),
        instrument,
      ]);
      loading.signal.throwIfAborted();
      this.#plots.markBrush(this.#choice.brush);
      this.#show(span, track, gaps);
      performance.mark('rows-shown');
      this.#shown = choice;
      document.body.dataset.loaded = choice.range;
    } catch (error) {
      if (changedBefore) this.#changed = union(this.#changed, changedBefore);
      if (loading.signal.aborted) return;
      // What is on show is still the choice before.
      if (this.#shown) {
        this.#choice = this.#shown;
        rememberChoice(this.#choice, 'replace');
        this.#tellChoice();
      }
      throw error;
    } finally {
      if (this.#loading === loading) {
        this.#loading = undefined;
        document.body.toggleAttribute('data-loading', false);
        this.#refreshSoon();
      }
    }
  }

  /** Rows of this span changed: fetches those on show again, after the load under way. */
  changed(span: MjdSpan): void {
    this.#changed = union(this.#changed, span);
    if (this.#loaded || this.#loading) this.#refreshSoon();
    else void this.#attempt(() => this.load());
  }

  /** Paints what is on show with what is known of the instrument now, unless rows are about to come. */
  paintAgain(): void {
    if (this.#loaded && !this.#loading) this.#paintAll();
  }

  /** Takes in what the newest row is: it and those before it are fetched where no event reported them. */
  knowNewest(mjd: number | undefined): void {
    const before = this.#newestMjd ?? Number.NEGATIVE_INFINITY;
    this.#newestMjd = mjd;
    const { track } = this;
    const isKnown = mjd === undefined || (track.count > 0 && track.mjd(track.count - 1) >= mjd);
    if (this.#loaded && !isKnown && mjd > before) this.changed({ start: before, end: mjd });
  }

  /** Takes in the newest row, if it belongs to the range. */
  add(row: Observation): void {
    const { start, end } = this.#spanOfRange();
    if (row.timestamp < start || row.timestamp > end) return;
    // What is being fetched may have been answered before this row came.
    if (this.#loading || this.#refreshing || !this.#loaded)
      this.changed({ start: row.timestamp, end: row.timestamp });
    if (!this.#loaded || !this.track.add(row)) return;
    this.#paintAll();
    this.#tickTimer ??= setTimeout(() => {
      this.#tickTimer = undefined;
      void this.#attempt(() => this.#tick());
    }, GAPS_AFTER_ROWS_MS);
  }

  #spanOfRange = () => spanOfChoice(this.#choice, this.#newestMjd);

  #tellChoice(): void {
    for (const listener of this.#choiceListeners) listener();
  }

  #refreshSoon(): void {
    if (!this.#changed || this.#loading || this.#refreshing) return;
    this.#refreshTimer ??= setTimeout(
      () => {
        this.#refreshTimer = undefined;
        void this.#attempt(() => this.#refresh());
      },
      this.track.stride > 1 ? REFRESH_THINNED_EVERY_MS : REFRESH_EVERY_MS,
    );
  }

  async #refresh(): Promise<void> {
    const [changed, range] = [this.#changed, this.#loaded];
    if (!changed || !range || this.#loading) return;
    const start = Math.max(changed.start, range.start);
    const end = Math.min(changed.end, range.end);
    this.#changed = undefined;
    if (start > end) return;
    this.#refreshing = true;
    let isShown = false;
    const isOutdated = () => this.#loading !== undefined || this.#loaded !== range;
    // However slow the link is: nothing ends a refresh but its answer.
    const { signal } = new AbortController();
    try {
      const isThinned = this.track.stride > 1;
      const part = await fetchTrack(isThinned ? range : { start, end }, signal);
      const gaps = await fetchGaps(range, signal);
      if (isOutdated()) return;
      const fits = part.stride === 1 && this.track.count + part.count <= MAX_POINTS;
      const whole = isThinned || fits ? part : await fetchTrack(range, signal);
      if (isOutdated()) return;
      this.#show(range, !isThinned && fits ? this.track.replaced({ start, end }, part) : whole, gaps);
      isShown = true;
    } finally {
      // Where another range was chosen meanwhile and cannot be fetched, this one stays on show.
      if (!isShown) this.#changed = union(this.#changed, changed);
      this.#refreshing = false;
      this.#refreshSoon();
    }
  }

  async #tick(): Promise<void> {
    const range = this.#loaded;
    if (this.#loading) return;
    // Nothing could be fetched so far.
    if (!range) return this.load();
    const gaps = await fetchGaps(this.#spanOfRange());
    if (this.#loading || this.#loaded !== range) return;
    this.#gaps = gaps;
    this.#paintAll();
  }

  #show(span: MjdSpan, track: Track, gaps: readonly Gap[]): void {
    this.#loaded = span;
    this.track = track;
    this.#gaps = gaps;
    this.#paintAll();
  }

  #paintAll(): void {
    const { start, end } = this.#finite(this.#spanOfRange());
    this.#plots.show(this.track, { startMjd: start, endMjd: end, nowMjd: nowMjd(), gaps: this.#gaps });
    showGaps(this.#gaps, this.track.count);
    this.#paint();
  }

  #paint(): void {
    const { track } = this;
    const { brush } = this.#choice;
    const from = track.indexFrom(this.span.start);
    const to = brush ? track.indexFrom(brush.end) : track.count;
    this.#map.show(track, from, to);
    showSelection(track, from, to, brush, this.#newestMjd);
    this.#onSeen({ span: this.finiteSpan, track, from, to });
  }
}
