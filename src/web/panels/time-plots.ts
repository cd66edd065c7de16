import { SECONDS_PER_DAY } from 'pointing-monitor/units';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { How } from '../address.js';
import { colour, font, onThemeChange } from '../colours.js';
import type { Gap } from '../data/api.js';
import { type Dwell, dwellsOf } from '../data/dwells.js';
import type { MjdSpan } from '../data/range.js';
import { Track } from '../data/track.js';
import { byId, element } from '../element.js';
import { hoursMinutesSeconds, mjdOfUnix, signedDegrees, unixOfMjd, utc } from '../format.js';
import { clock, dateTime, faceFor, scaleName, toTheMinute } from '../times.js';
import { declinationScale } from './declination-scale.js';
import { drawDays, drawDwells, drawNow, fontPxOf, shadeGaps } from './plot-drawing.js';
import { listenToKeys, PLOT_KEYS, type PlotCursor } from './plot-keys.js';
import { type Quantity, quantitiesFor } from './plot-quantities.js';
import { ticksOf } from './time-ticks.js';

const PLACES = ['dec-plot', 'ra-plot'] as const;
const MIN_BRUSH_PX = 4;
const HIT_PX = 8;
/** The second click of two is part of clearing the selection. */
const DOUBLE_CLICK_MS = 500;
/** Room to the right of now, as a share of the span. */
const MARGIN = 0.015;
/** A row at either edge of a selection by keyboard belongs to it. */
const EDGE_DAYS = 1 / SECONDS_PER_DAY;

/** Points that fill the plot would show nothing. */
const DENSE_ROWS = 3000;
const pointPx = ({ count }: Track) => (count > DENSE_ROWS ? 1 : 3);

/** What the time axis spans, whatever was observed in it. */
export interface TimeAxis {
  readonly startMjd: number;
  readonly endMjd: number;
  readonly nowMjd: number;
  readonly gaps: readonly Gap[];
}

type OnBrush = (brush: MjdSpan | undefined, how?: How) => void;

/**
 * Declination against time and, below it, right ascension or, of months, which hours of LST were observed; dragging over either selects
 * a time. There are none until the first rows have come.
 */
export class TimePlots {
  readonly #onBrush: OnBrush;
  readonly #open: (mjd: number) => void;
  #plots: uPlot[] = [];
  #quantities: readonly Quantity[] = [];
  #track = new Track();
  #dwells: readonly Dwell[] = [];
  #colourOf: (decDeg: number) => string = () => '';
  #settingSelection = false;
  #axis: TimeAxis = { startMjd: 0, endMjd: 0, nowMjd: 0, gaps: [] };
  #brush: MjdSpan | undefined;
  #clearedAtMs = 0;

  constructor(onBrush: OnBrush, open: (mjd: number) => void) {
    this.#onBrush = onBrush;
    this.#open = open;
    onThemeChange(() => this.#make());
    for (const id of PLACES) listenToKeys(byId(id), () => this.#cursor());
    new ResizeObserver(() => {
      for (const [i, plot] of this.#plots.entries()) plot.setSize(sizeOf(PLACES[i] as string));
    }).observe(byId(PLACES[0]));
  }

  show(track: Track, axis: TimeAxis): void {
    this.#axis = axis;
    this.#track = track;
    this.#dwells = dwellsOf(track);
    const quantities = quantitiesFor(axis.endMjd - axis.startMjd);
    if (quantities !== this.#quantities) {
      this.#quantities = quantities;
      this.#make();
    } else {
      this.#showColours();
      for (const [i, plot] of this.#plots.entries()) {
        const { points } = plot.series[1] as uPlot.Series;
        if (points) points.size = pointPx(track);
        plot.setData(this.#data(quantities[i] as Quantity));
      }
    }
    const span = `from ${utc(axis.startMjd).slice(0, 16)} to ${utc(axis.endMjd).slice(0, 16)} UTC`;
    for (const { id, name, as } of quantities) {
      const gaps = as === 'columns' ? 'blank where nothing was observed' : `${axis.gaps.length} gaps shaded`;
      byId(id).setAttribute('aria-label', `${name} over time, ${span}; ${gaps}. ${PLOT_KEYS}`);
    }
  }

  /** Marks the same time in both. */
  markBrush(brush: MjdSpan | undefined): void {
    this.#brush = brush;
    this.#settingSelection = true;
    for (const plot of this.#plots) this.#place(plot);
    this.#settingSelection = false;
  }

  #clear(): void {
    if (this.#brush) this.#clearedAtMs = performance.now();
    this.#onBrush(undefined);
  }

  #data({ of }: Quantity): uPlot.AlignedData {
    const track = this.#track;
    const times = Float64Array.from({ length: track.count }, (_, i) => unixOfMjd(track.mjd(i)));
    return [times, Float64Array.from(times, (_, i) => of(track, i))];
  }

  /** Of the declinations of columns. */
  #showColours(): void {
    const place = byId('lst-legend');
    place.hidden = this.#quantities.every(({ as }) => as !== 'columns');
    if (place.hidden) return;
    const { colourOf, legend } = declinationScale(this.#dwells.map(({ decDeg }) => decDeg));
    this.#colourOf = colourOf;
    place.replaceChildren(element('span', {}, 'LST observed, by declination:'), legend);
  }

  #make(): void {
    for (const plot of this.#plots) plot.destroy();
    this.#showColours();
    this.#plots = this.#quantities.map((quantity) => {
      const place = byId(quantity.id);
      place.setAttribute('role', 'application');
      place.tabIndex = 0;
      const plot = new uPlot(this.#options(quantity), this.#data(quantity), place);
      this.#listenToClicks(plot);
      return plot;
    });
  }

  #options({ name, scale, splits, text, id, as }: Quantity): uPlot.Options {
    const fontPx = fontPxOf(byId(id));
    const isUpper = id === PLACES[0];
    const axis: uPlot.Axis = {
      stroke: colour('muted'),
      grid: { stroke: colour('grid'), width: 1 },
      ticks: { stroke: colour('grid'), width: 1, size: 4 },
      font: font(fontPx),
    };
    return {
      ...sizeOf(id),
      scales: { x: { time: true, range: () => this.#range() }, y: scale },
      legend: { show: false },
      series: [
        {},
        {
          label: name,
          stroke: colour('trail-new'),
          paths: () => null,
          points: { show: as === 'points', size: pointPx(this.#track), width: 0, fill: colour('trail-new') },
        },
      ],
      axes: [
        {
          ...axis,
          size: isUpper ? 6 : 2 * fontPx,
          space: 5 * fontPx,
          splits: (_, __, start, end, stepSeconds) => ticksOf(faceFor(stepSeconds), start, end, stepSeconds),
          values: (_, times, __, ___, stepSeconds) =>
            isUpper ? times.map(() => '') : times.map((time) => tick(time, stepSeconds)),
        },
        {
          ...axis,
          size: 4 * fontPx,
          values: (_, values) => values.map(text),
          ...(splits && { splits: () => splits }),
        },
      ],
      cursor: {
        sync: { key: 'time' },
        // By itself the plot would stop the click of a hand that trembles.
        drag: { x: true, y: false, setScale: false, click: () => undefined },
        points: { size: 7 },
      },
      hooks: {
        setSelect: [(plot) => this.#selected(plot)],
        setScale: [(plot, scaleKey) => this.#reselect(plot, scaleKey)],
        setCursor: [(plot) => this.#readOut(plot)],
        drawClear: [(plot) => as !== 'columns' && shadeGaps(plot, this.#axis.gaps)],
        draw: [
          (plot) => {
            if (as === 'bars') drawDwells(plot, this.#dwells, fontPx);
            if (as === 'columns') drawDays(plot, this.#dwells, this.#axis.nowMjd, this.#colourOf);
            drawNow(plot, this.#axis.nowMjd, fontPx);
          },
        ],
      },
    };
  }

  #range(): [number, number] {
    const { startMjd, endMjd, nowMjd: now } = this.#axis;
    const margin = endMjd >= now && startMjd < now ? (endMjd - startMjd) * MARGIN : 0;
    return [unixOfMjd(startMjd), unixOfMjd(endMjd + margin)];
  }

  #readOut(plot: uPlot): void {
    const { idx } = plot.cursor;
    byId('readout').textContent = idx == null ? '' : this.#words(idx);
  }

  #words(row: number): string {
    const track = this.#track;
    const time = `${toTheMinute(track.mjd(row))} ${scaleName()}`;
    return `${time}  RA ${hoursMinutesSeconds(track.raDeg(row), 0)}  Dec ${signedDegrees(track.decDeg(row), 3)}`;
  }

  #cursor(): PlotCursor {
    const track = this.#track;
    const [plot] = this.#plots as [uPlot];
    return {
      count: track.count,
      at: plot.cursor.idx ?? undefined,
      moveTo: (row) => {
        const left = plot.valToPos(unixOfMjd(track.mjd(row)), 'x');
        plot.setCursor({ left, top: plot.valToPos(track.decDeg(row), 'y') });
        byId('announcement').textContent = this.#words(row);
      },
      select: (from, to) =>
        this.#onBrush({ start: track.mjd(from) - EDGE_DAYS, end: track.mjd(to) + EDGE_DAYS }, 'key'),
      clear: () => this.#clear(),
      open: (row) => this.#open(track.mjd(row)),
    };
  }

  /** A drag selects. */
  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (this.#settingSelection) return;
    const mjdAt = (px: number) => mjdOfUnix(plot.posToVal(px, 'x'));
    if (width < MIN_BRUSH_PX) this.#place(plot);
    else this.#onBrush({ start: mjdAt(left), end: mjdAt(left + width) });
  }

  /** A click clears the selection, or opens the observation at the cursor. */
  #listenToClicks(plot: uPlot): void {
    let downX = 0;
    plot.over.addEventListener('mousedown', ({ clientX }) => {
      downX = clientX;
    });
    plot.over.addEventListener('click', ({ clientX }) => {
      if (Math.abs(clientX - downX) >= MIN_BRUSH_PX) return;
      if (this.#brush) this.#clear();
      else if (performance.now() - this.#clearedAtMs > DOUBLE_CLICK_MS) this.#openAtCursor(plot);
    });
    plot.over.addEventListener('dblclick', () => this.#clear());
  }

  #openAtCursor(plot: uPlot): void {
    const { idx, left = -1 } = plot.cursor;
    if (idx == null) return;
    const mjd = this.#track.mjd(idx);
    if (Math.abs(plot.valToPos(unixOfMjd(mjd), 'x') - left) < HIT_PX) this.#open(mjd);
  }

  /** The same times are elsewhere once the axis has moved. */
  #reselect(plot: uPlot, scale: string): void {
    if (scale === 'x' && this.#brush) this.#place(plot);
  }

  /** On whole pixels, where its edges are sharp. */
  #place(plot: uPlot): void {
    const position = (mjd: number) => Math.round(plot.valToPos(unixOfMjd(mjd), 'x'));
    const left = this.#brush ? position(this.#brush.start) : 0;
    const width = this.#brush ? position(this.#brush.end) - left : 0;
    plot.setSelect({ left, width, top: 0, height: plot.over.clientHeight }, false);
  }
}

const sizeOf = (id: string) => ({ width: byId(id).clientWidth, height: byId(id).clientHeight });

/** The time of day, and where a day begins its date: where summer time skips midnight too. */
function tick(unix: number, stepSeconds: number): string {
  const mjd = mjdOfUnix(unix);
  const iso = dateTime(mjd);
  if (stepSeconds >= 28 * SECONDS_PER_DAY) return iso.slice(0, 7);
  if (stepSeconds >= SECONDS_PER_DAY) return iso.slice(5, 10);
  const before = dateTime(mjd - 1 / SECONDS_PER_DAY);
  if (iso.slice(0, 10) !== before.slice(0, 10)) return iso.slice(5, 10);
  return stepSeconds < 60 ? iso.slice(11, 19) : clock(mjd);
}
