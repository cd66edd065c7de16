import { fetchGaps, fetchTrack, type Gap, MAX_POINTS, type MjdSpan, type Observation } from './data/api.js';
import { pointingsOf } from './data/coverage.js';
import { type RangeName, rangeOfAddress, spanOf } from './data/range.js';
import { Track } from './data/track.js';
import { byId } from './element.js';
import { count, mjdOfUnix, utc } from './format.js';
import type { SkyMap } from './map/sky-map.js';
import { showGaps } from './panels/gaps.js';
import { nowMjd } from './panels/now.js';
import { showCoverage } from './panels/strip.js';
import { TimePlots } from './panels/time-plots.js';

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
  range: RangeName = rangeOfAddress(location.hash);
  custom: MjdSpan = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
  newestMjd: number | undefined;
  track = new Track();
  readonly #map: SkyMap;
  readonly #attempt: (task: () => Promise<void>) => Promise<boolean>;
  readonly #plots: TimePlots;
  #brush: MjdSpan | undefined;
  #gaps: readonly Gap[] = [];
  /** What the rows on show were asked for. */
  #loaded: MjdSpan | undefined;
  #chosen: { readonly range: RangeName; readonly custom: MjdSpan } | undefined;
  #loading: AbortController | undefined;
  #changed: MjdSpan | undefined;
  #refreshing = false;
  #tickTimer: ReturnType<typeof setTimeout> | undefined;
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(map: SkyMap, attempt: (task: () => Promise<void>) => Promise<boolean>) {
    this.#map = map;
    this.#attempt = attempt;
    this.#plots = new TimePlots((brush) => {
      this.#brush = brush && { start: mjdOfUnix(brush.startUnix), end: mjdOfUnix(brush.endUnix) };
      this.#paint();
    });
    setInterval(() => void attempt(() => this.#tick()), TICK_MS);
  }

  /** What is on the map: the selection, else the whole range. */
  get span(): MjdSpan {
    return this.#brush ?? this.#range();
  }

  /** Fetches the rows of another range; what is on show stays until they have come. Only another choice abandons it. */
  async load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const changedBefore = this.#changed;
    this.#changed = undefined;
    document.body.toggleAttribute('data-loading', true);
    const { range, custom } = this;
    const span = this.#range();
    try {
      const [track, gaps] = await Promise.all([
        fetchTrack(span, loading.signal),
        fetchGaps(span, loading.signal),
      ]);
      this.#brush = undefined;
      this.#plots.clearBrush();
      this.#show(span, track, gaps);
      performance.mark('rows-shown');
      this.#chosen = { range, custom };
      document.body.dataset.loaded = range;
    } catch (error) {
      if (changedBefore) this.#changed = union(this.#changed, changedBefore);
      if (loading.signal.aborted) return;
      // What is on show is still the choice before.
      if (this.#chosen) Object.assign(this, this.#chosen);
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

  /** Takes in the newest row, if it belongs to the range. */
  add(row: Observation): void {
    const { start, end } = this.#range();
    if (row.timestamp < start || row.timestamp > end) return;
    // The load under way may have been answered before this row came.
    if (this.#loading) this.changed({ start: row.timestamp, end: row.timestamp });
    if (!this.track.add(row)) return;
    this.#paintAll();
    this.#tickTimer ??= setTimeout(() => {
      this.#tickTimer = undefined;
      void this.#attempt(() => this.#tick());
    }, GAPS_AFTER_ROWS_MS);
  }

  #range = () => spanOf(this.range, nowMjd(), this.newestMjd, this.custom);

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
    const { signal } = new AbortController();
    try {
      const isWhole = this.track.stride > 1;
      const part = await fetchTrack(isWhole ? range : { start, end }, signal);
      const gaps = await fetchGaps(range, signal);
      // Another range was chosen meanwhile.
      if (this.#loading || this.#loaded !== range) return;
      const fits = part.stride === 1 && this.track.count + part.count <= MAX_POINTS;
      if (isWhole) this.#show(range, part, gaps);
      else if (fits) this.#show(range, this.track.replaced({ start, end }, part), gaps);
      else this.#show(range, await fetchTrack(range, signal), gaps);
    } catch (error) {
      this.#changed = union(this.#changed, changed);
      throw error;
    } finally {
      this.#refreshing = false;
      this.#refreshSoon();
    }
  }

  async #tick(): Promise<void> {
    const range = this.#loaded;
    if (!range || this.#loading) return;
    const gaps = await fetchGaps(this.#range());
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
    const { start, end } = this.#range();
    const first = this.track.count > 0 ? this.track.mjd(0) : (this.newestMjd ?? nowMjd()) - 1;
    const now = nowMjd();
    this.#plots.show(this.track, {
      startMjd: Number.isFinite(start) ? start : first,
      endMjd: Number.isFinite(end) ? end : Math.max(now, this.newestMjd ?? now),
      nowMjd: now,
      gaps: this.#gaps,
    });
    showGaps(this.#gaps);
    this.#paint();
  }

  #paint(): void {
    const { track } = this;
    const from = track.indexFrom(this.#brush?.start ?? this.#range().start);
    const to = this.#brush ? track.indexFrom(this.#brush.end) : track.count;
    this.#map.show(track, from, to);
    showCoverage(pointingsOf(track, from, to), track.stride === 1);
    byId('selection').textContent = this.#selected(from, to);
    const empty = byId('empty');
    empty.hidden = to > from;
    empty.textContent =
      this.newestMjd === undefined
        ? 'No observations yet.'
        : `No observations in this time range. The newest is from ${utc(this.newestMjd)} UTC.`;
  }

  #selected(from: number, to: number): string {
    const { track } = this;
    const isThinned = track.stride > 1;
    const number = isThinned && !this.#brush ? track.observations : (to - from) * track.stride;
    const rows = `${isThinned && this.#brush ? '≈ ' : ''}${count(number)} observation${number === 1 ? '' : 's'}`;
    if (this.#brush)
      return `${rows} selected, ${utc(this.#brush.start).slice(0, 16)} to ${utc(this.#brush.end).slice(0, 16)}`;
    return isThinned ? `${rows}, 1 in ${track.stride} drawn` : rows;
  }
}
