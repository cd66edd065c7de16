import type { How } from './address.js';
import type { Attempt } from './attempt.js';
import {
  type Choice,
  choiceOfAddress,
  customAsAddressed,
  followChoice,
  rangeOfChoice,
  rememberBrush,
  rememberChoice,
  spanOfChoice,
} from './choice.js';
import { fetchGaps, fetchTrack, type Gap, MAX_POINTS, type Observation } from './data/api.js';
import { nowMjd } from './data/clock.js';
import { TELESCOPE } from './data/instrument.js';
import { isWithin, type MjdSpan, type RangeName, union } from './data/range.js';
import { Track } from './data/track.js';
import type { SkyMap } from './map/sky-map.js';
import { oneAtATime } from './one-at-a-time.js';
import { showGaps } from './panels/gaps.js';
import type { Seen } from './panels/panel.js';
import { showSelection, showUnloaded } from './panels/selection.js';
import { TimePlots } from './panels/time-plots.js';
import { onTimeScaleChange } from './times.js';

/** A backfill changes rows all the time; the page follows at its own pace. */
const REFRESH_EVERY_MS = 3000;
/** A thinned track is fetched as a whole. */
const REFRESH_THINNED_EVERY_MS = 20_000;
/** Time passes on the axis, and the gap that is open grows. */
const TICK_MS = 60_000;
/** By which the server's clock, as it is known here, may go back. */
const CLOCK_TOLERANCE_DAYS = 1 / 1440;
/** Rows that come together close their gaps together. */
const GAPS_AFTER_ROWS_MS = 1000;

/** Of one telescope. */
interface Loaded {
  /** Its start moves on with the time. */
  span: MjdSpan;
  readonly telescope: string | undefined;
}

/** The time on show, its rows, and the part of them that is selected. */
export class TimeView {
  track = new Track();
  /** What was asked for last. */
  #choice = choiceOfAddress();
  readonly #map: SkyMap;
  readonly #attempt: Attempt;
  readonly #onSeen: (seen: Seen) => void;
  readonly #plots: TimePlots;
  readonly #choiceListeners: (() => void)[] = [];
  #newestMjd: number | undefined;
  #gaps: readonly Gap[] = [];
  /** What the rows on show were asked for. */
  #loaded: Loaded | undefined;
  /** What is on show. */
  #shown: Choice | undefined;
  readonly #renewGaps = oneAtATime(() => this.#fetchGapsAgain());
  #loading: { readonly span: MjdSpan; readonly abort: AbortController } | undefined;
  #changed: MjdSpan | undefined;
  #refreshing = false;
  #tickTimer: ReturnType<typeof setTimeout> | undefined;
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    map: SkyMap,
    attempt: Attempt,
    onSeen: (seen: Seen) => void,
    openObservation: (mjd: number) => void,
  ) {
    this.#map = map;
    this.#attempt = attempt;
    this.#onSeen = onSeen;
    this.#plots = new TimePlots((brush, how) => this.select(brush, how), openObservation);
    setInterval(() => this.#tick(), TICK_MS);
    onTimeScaleChange(() => this.#loaded && this.#paintAll());
    followChoice((choice) => {
      this.#choice = choice;
      this.#reload();
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

  /** Selects a time, of which rows that are not on show are fetched; undefined selects all. */
  select(brush: MjdSpan | undefined, how: How = 'push'): void {
    const before = this.#shown;
    this.#choice = { ...this.#choice, brush };
    rememberBrush(brush, how);
    this.#plots.markBrush(brush);
    const span = this.#loading?.span ?? this.#loaded?.span;
    if (!before || (brush && !(span && isWithin(brush, span)))) {
      this.#reload();
      return;
    }
    this.#shown = { ...before, brush };
    if (this.#isBeyondRange(before) || this.#isBeyondRange(this.#shown)) {
      this.#paintAll();
      // Those on show are of a longer time.
      this.#tick();
    } else this.#paint();
  }

  #isBeyondRange = (choice: Choice) =>
    choice.brush !== undefined && !isWithin(choice.brush, rangeOfChoice(choice, this.#newestMjd));

  /** The range that was asked for, whatever is selected. */
  get rangeSpan(): MjdSpan {
    return rangeOfChoice(this.#choice, this.#newestMjd);
  }

  /** What is on the map: the selection, else the whole range. */
  get span(): MjdSpan {
    return this.#onShow.brush ?? rangeOfChoice(this.#onShow, this.#newestMjd);
  }

  /** The same with both ends finite: as far as there are rows, and until now. */
  get finiteSpan(): MjdSpan {
    return this.#finite(this.span);
  }

  get #onShow(): Choice {
    return this.#shown ?? this.#choice;
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
    this.#loading?.abort.abort();
    const span = this.#spanOf(this.#choice);
    const loading = { span, abort: new AbortController() };
    const { signal } = loading.abort;
    this.#loading = loading;
    const telescope = TELESCOPE;
    const changedBefore = this.#changed;
    this.#changed = undefined;
    document.body.toggleAttribute('data-loading', true);
    this.#tellChoice();
    try {
      const [track, gaps] = await Promise.all([
        fetchTrack(span, signal),
        fetchGaps(span, signal),
        instrument,
      ]);
      signal.throwIfAborted();
      this.#shown = this.#choice;
      this.#plots.markBrush(this.#shown.brush);
      this.#show({ span, telescope }, track, gaps);
      performance.mark('rows-shown');
      document.body.dataset.loaded = this.#shown.range;
    } catch (error) {
      if (changedBefore) this.#changed = union(this.#changed, changedBefore);
      if (signal.aborted) return;
      if (this.#shown && !this.isOfAnother) this.#showAgain(this.#shown);
      else if (!this.#shown) showUnloaded();
      throw error;
    } finally {
      if (this.#loading === loading) {
        this.#loading = undefined;
        document.body.toggleAttribute('data-loading', this.isOfAnother);
        this.#refreshSoon();
      }
    }
  }

  #reload(): void {
    void this.#attempt('range', () => this.load());
  }

  /** What could not be fetched is not chosen: what is on show is. */
  #showAgain(shown: Choice): void {
    this.#choice = shown;
    rememberChoice(shown, 'replace');
    this.#tellChoice();
    this.#plots.markBrush(shown.brush);
    this.#paintAll();
  }

  /** The rows on show are those of the telescope before: they stay, dimmed, until those of the one that was chosen have come. */
  get isOfAnother(): boolean {
    return this.#loaded !== undefined && this.#loaded.telescope !== TELESCOPE;
  }

  /** Rows of this span changed: fetches those on show again, after the load under way. */
  changed(span: MjdSpan): void {
    this.#changed = union(this.#changed, span);
    this.#refreshSoon();
  }

  /** Paints what is on show with what is known of the instrument now, unless rows are about to come. */
  paintAgain(): void {
    if (this.#loaded && !this.#loading && !this.isOfAnother) this.#paintAll();
  }

  /** Takes in what the newest row is: it and those before it are fetched where no event reported them. */
  knowNewest(mjd: number | undefined): void {
    const before = this.#newestMjd ?? Number.NEGATIVE_INFINITY;
    this.#newestMjd = mjd;
    const { track } = this;
    const isKnown = mjd === undefined || (track.count > 0 && track.mjd(track.count - 1) >= mjd);
    if (this.#loaded && !isKnown && mjd > before) this.changed({ start: before, end: mjd });
    // The first answer can come after rows of all telescopes.
    this.#refreshSoon();
  }

  /** Takes in the newest row, if it belongs to what is on show. */
  add(row: Observation): void {
    const time = { start: row.timestamp, end: row.timestamp };
    // What is being fetched may have been answered before this row came.
    if (this.#loading || this.#refreshing || !this.#loaded) this.changed(time);
    if (!this.#loaded || this.isOfAnother) return;
    if (!isWithin(time, this.#loaded.span) || !this.track.add(row)) return;
    this.#paintAll();
    this.#tickTimer ??= setTimeout(() => {
      this.#tickTimer = undefined;
      this.#tick();
    }, GAPS_AFTER_ROWS_MS);
  }

  #spanOf = (choice: Choice) => spanOfChoice(choice, this.#newestMjd);

  #tellChoice(): void {
    for (const listener of this.#choiceListeners) listener();
  }

  #refreshSoon(): void {
    const isLacking = !this.#loaded || this.isOfAnother;
    if (this.#loading || this.#refreshing || !(this.#changed || isLacking)) return;
    this.#refreshTimer ??= setTimeout(
      () => {
        this.#refreshTimer = undefined;
        // Its end calls this again.
        if (this.#loading) return;
        if (!this.#loaded || this.isOfAnother) this.#reload();
        else void this.#attempt('rows', () => this.#refresh());
      },
      this.track.stride > 1 ? REFRESH_THINNED_EVERY_MS : REFRESH_EVERY_MS,
    );
  }

  async #refresh(): Promise<void> {
    this.#slide();
    const [changed, loaded] = [this.#changed, this.#loaded];
    if (!changed || !loaded || this.#loading) return;
    const range = loaded.span;
    const start = Math.max(changed.start, range.start);
    const end = Math.min(changed.end, range.end);
    this.#changed = undefined;
    if (start > end) return;
    this.#refreshing = true;
    let isShown = false;
    const isOutdated = () => this.#loading !== undefined || this.#loaded !== loaded;
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
      this.#show(loaded, !isThinned && fits ? this.track.replaced({ start, end }, part) : whole, gaps);
      isShown = true;
    } finally {
      // Where another range was chosen meanwhile and cannot be fetched, this one stays on show.
      if (!isShown) this.#changed = union(this.#changed, changed);
      this.#refreshing = false;
      this.#refreshSoon();
    }
  }

  #tick(): void {
    if (this.#loaded) void this.#attempt('gaps', () => this.#renewGaps());
  }

  async #fetchGapsAgain(): Promise<void> {
    const [loaded, before] = [this.#loaded, this.#gaps];
    if (this.#loading || this.isOfAnother) return;
    const gaps = await fetchGaps(this.#spanOf(this.#onShow));
    if (this.#loading || this.#loaded !== loaded || this.#gaps !== before) return;
    this.#gaps = gaps;
    this.#paintAll();
  }

  #show(loaded: Loaded, track: Track, gaps: readonly Gap[]): void {
    this.#loaded = loaded;
    this.track = track;
    this.#gaps = gaps;
    this.#paintAll();
  }

  /**
   * Drops what is no longer on show: as time passes, or when a selection beyond the range has been cleared. What was dropped, or not
   * asked for, by a clock that was ahead is fetched.
   */
  #slide(): void {
    const loaded = this.#loaded;
    if (!loaded) return;
    const { start, end } = this.#spanOf(this.#onShow);
    const before = loaded.span;
    const isLacking = start < before.start - CLOCK_TOLERANCE_DAYS;
    loaded.span = {
      start: isLacking ? start : Math.max(start, before.start),
      end: Math.min(end, before.end),
    };
    this.track = this.track.kept(loaded.span);
    if (isLacking) this.changed({ start, end: before.start });
  }

  #paintAll(): void {
    this.#slide();
    // Taken before the end of the range, which would lie before now otherwise.
    const now = nowMjd();
    const { start, end } = this.#finite(this.#spanOf(this.#onShow));
    const gaps = this.#gaps.filter(({ from_mjd, to_mjd }) => from_mjd < end && to_mjd > start);
    this.#plots.show(this.track, { startMjd: start, endMjd: end, nowMjd: now, gaps });
    showGaps(gaps, this.#newestMjd !== undefined || this.track.count > 0);
    this.#paint();
  }

  #paint(): void {
    const { track } = this;
    const { brush } = this.#onShow;
    const from = track.indexFrom(this.span.start);
    const to = brush ? track.indexFrom(brush.end) : track.count;
    this.#map.show(track, from, to);
    showSelection(track, from, to, this.#onShow, this.#newestMjd);
    this.#onSeen({ span: this.finiteSpan, track, from, to });
  }
}
