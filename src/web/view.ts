import { fetchCoverage, fetchGaps, fetchTrack, type MjdSpan, type Observation } from './data/api.js';
import { type RangeName, rangeOfAddress, spanOf } from './data/range.js';
import { Track } from './data/track.js';
import { byId } from './element.js';
import { count, mjdOfUnix, utc } from './format.js';
import type { SkyMap } from './map/sky-map.js';
import { showGaps } from './panels/gaps.js';
import { nowMjd } from './panels/now.js';
import { showCoverage } from './panels/strip.js';
import { TimePlots } from './panels/time-plots.js';

const PAINT_EVERY_MS = 100;
/** Rows that come together are counted together. */
const COVERAGE_AFTER_MS = 1000;

/** The time on show, its rows, and the part of them that is selected. */
export class TimeView {
  range: RangeName = rangeOfAddress(location.hash);
  custom: MjdSpan = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
  newestMjd: number | undefined;
  track = new Track();
  readonly #map: SkyMap;
  readonly #plots: TimePlots;
  #brush: MjdSpan | undefined;
  #coverageTimer: ReturnType<typeof setTimeout> | undefined;
  #loading = new AbortController();

  constructor(map: SkyMap) {
    this.#map = map;
    this.#plots = new TimePlots((brush) => {
      this.#brush = brush && { start: mjdOfUnix(brush.startUnix), end: mjdOfUnix(brush.endUnix) };
      this.#paintMap();
    });
  }

  /** What is on the map: the selection, else the whole range. */
  get span(): MjdSpan {
    return this.#brush ?? spanOf(this.range, nowMjd(), this.newestMjd, this.custom);
  }

  /** Reads the rows of the range anew and paints them as they arrive. */
  async load(keepBrush = false): Promise<void> {
    this.#loading.abort();
    const loading = new AbortController();
    this.#loading = loading;
    if (!keepBrush) {
      this.#brush = undefined;
      this.#plots.clearBrush();
    }
    const span = spanOf(this.range, nowMjd(), this.newestMjd, this.custom);
    const track = new Track();
    let paintedAt = performance.now();
    try {
      for await (const piece of fetchTrack(span, loading.signal)) {
        track.addBytes(piece);
        if (keepBrush || performance.now() - paintedAt < PAINT_EVERY_MS) continue;
        this.track = track;
        this.#paintMap();
        paintedAt = performance.now();
      }
    } catch (error) {
      if (loading.signal.aborted) return;
      throw error;
    }
    this.track = track;
    this.#paint();
    performance.mark('rows-shown');
    const [coverage, gaps] = await Promise.all([fetchCoverage(span), fetchGaps(span)]);
    if (!loading.signal.aborted) {
      showCoverage(coverage);
      showGaps(gaps);
    }
    document.body.dataset.loaded = this.range;
  }

  /** Takes in the newest row, if it belongs to the range. */
  add(row: Observation): void {
    const span = spanOf(this.range, nowMjd(), this.newestMjd, this.custom);
    if (row.timestamp < span.start || row.timestamp > span.end) return;
    if (!this.track.add(row)) return;
    this.#paint();
    this.#coverageTimer ??= setTimeout(() => {
      this.#coverageTimer = undefined;
      // Only a decoration of the row just shown: the next one tries again.
      void fetchCoverage(span).then(showCoverage, () => undefined);
    }, COVERAGE_AFTER_MS);
  }

  #paint(): void {
    this.#plots.show(this.track);
    this.#paintMap();
  }

  #paintMap(): void {
    const { track } = this;
    const from = this.#brush ? track.indexFrom(this.#brush.start) : 0;
    const to = this.#brush ? track.indexFrom(this.#brush.end) : track.count;
    this.#map.show(track, from, to);
    const rows = `${count(to - from)} observation${to - from === 1 ? '' : 's'}`;
    byId('selection').textContent = this.#brush
      ? `${rows} selected, ${utc(this.#brush.start).slice(0, 16)} to ${utc(this.#brush.end).slice(0, 16)}`
      : rows;
    const empty = byId('empty');
    empty.hidden = to > from;
    empty.textContent =
      this.newestMjd === undefined
        ? 'No observation is stored yet.'
        : `No observation in this time. The newest is of ${utc(this.newestMjd)} UTC.`;
  }
}
