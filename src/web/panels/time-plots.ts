import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colour, onThemeChange } from '../colours.js';
import type { Gap } from '../data/api.js';
import type { Track } from '../data/track.js';
import { byId } from '../element.js';
import { signedDegrees, unixOfMjd, utc } from '../format.js';
import { nowMjd } from './now.js';

const HEIGHT_PX = 150;
const BRUSH_LEAST_PX = 4;

/** What the time axis spans, whatever was observed in it. */
export interface TimeAxis {
  readonly startMjd: number;
  readonly endMjd: number;
  readonly nowMjd: number;
  readonly gaps: readonly Gap[];
}

/** Room to the right of now, as a share of the span. */
const MARGIN = 0.015;
const HATCH_PX = 6;

type Brush = { readonly startUnix: number; readonly endUnix: number };

interface Quantity {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  readonly of: (track: Track, i: number) => number;
  readonly scale: uPlot.Scale;
  readonly splits?: number[];
  readonly text: (value: number) => string;
}

const quantities: readonly Quantity[] = [
  {
    id: 'dec-plot',
    label: 'Dec',
    name: 'Declination',
    of: (track, i) => track.decDeg(i),
    scale: { range: (_, least, most) => [least === null ? -30 : least - 3, most === null ? 90 : most + 3] },
    text: (value) => signedDegrees(value, Number.isInteger(value) ? 0 : 3),
  },
  {
    id: 'ra-plot',
    label: 'RA',
    name: 'Right ascension',
    of: (track, i) => track.raDeg(i) / 15,
    scale: { range: [0, 24] },
    splits: [0, 6, 12, 18, 24],
    text: (value) => `${Number.isInteger(value) ? value : value.toFixed(2)}h`,
  },
];

/** Declination and right ascension against time, one under the other; dragging over either selects a time. */
export class TimePlots {
  readonly #onBrush: (brush: Brush | undefined) => void;
  #plots: uPlot[] = [];
  #data: uPlot.AlignedData[] = [
    [[], []],
    [[], []],
  ];
  #settingSelection = false;
  #axis: TimeAxis = { startMjd: nowMjd() - 1, endMjd: nowMjd(), nowMjd: nowMjd(), gaps: [] };
  #brush: Brush | undefined;

  constructor(onBrush: (brush: Brush | undefined) => void) {
    this.#onBrush = onBrush;
    this.#make();
    onThemeChange(() => this.#make());
    new ResizeObserver(() => {
      for (const [i, { id }] of quantities.entries()) {
        this.#plots[i]?.setSize({ width: byId(id).clientWidth, height: HEIGHT_PX });
      }
    }).observe(byId('dec-plot'));
  }

  show(track: Track, axis: TimeAxis): void {
    this.#axis = axis;
    const times = Float64Array.from({ length: track.count }, (_, i) => unixOfMjd(track.mjd(i)));
    this.#data = quantities.map(({ of }) => [times, Float64Array.from(times, (_, i) => of(track, i))]);
    for (const [i, plot] of this.#plots.entries()) plot.setData(this.#data[i] as uPlot.AlignedData);
    const span = `from ${utc(axis.startMjd)} to ${utc(axis.endMjd)} UTC`;
    for (const { id, name } of quantities) {
      byId(id).setAttribute('aria-label', `${name} over time, ${span}; ${axis.gaps.length} gaps shaded`);
    }
  }

  clearBrush(): void {
    this.#select(undefined);
  }

  #make(): void {
    for (const plot of this.#plots) plot.destroy();
    this.#plots = quantities.map((quantity, i) => {
      const plot = new uPlot(this.#options(quantity), this.#data[i] as uPlot.AlignedData, byId(quantity.id));
      plot.over.addEventListener('dblclick', () => {
        this.#select(undefined);
        this.#onBrush(undefined);
      });
      return plot;
    });
  }

  #options({ label, scale, splits, text, id }: Quantity): uPlot.Options {
    const axis: uPlot.Axis = {
      stroke: colour('muted'),
      grid: { stroke: colour('grid'), width: 1 },
      ticks: { stroke: colour('grid'), width: 1, size: 4 },
      font: `11px ${colour('font')}`,
    };
    return {
      width: byId(id).clientWidth,
      height: HEIGHT_PX,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: { x: { time: true, range: () => this.#range() }, y: scale },
      series: [
        { label: 'UTC', value: (_, value) => (value === null ? '–' : isoOf(value)) },
        {
          label,
          stroke: colour('trail-new'),
          paths: () => null,
          points: { show: true, size: 3, width: 0, fill: colour('trail-new') },
          value: (_, value) => (value === null ? '–' : text(value)),
        },
      ],
      axes: [
        {
          ...axis,
          size: 26,
          values: (_, times, __, ___, stepSeconds) => times.map((time) => tick(time, stepSeconds)),
        },
        {
          ...axis,
          size: 52,
          values: (_, values) => values.map(text),
          ...(splits && { splits: () => splits }),
        },
      ],
      cursor: { sync: { key: 'time' }, drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
      hooks: {
        setSelect: [(plot) => this.#selected(plot)],
        setScale: [(plot, scale) => this.#reselect(plot, scale)],
        drawClear: [(plot) => this.#shadeGaps(plot)],
        draw: [(plot) => this.#drawNow(plot)],
      },
    };
  }

  #range(): [number, number] {
    const { startMjd, endMjd, nowMjd: now } = this.#axis;
    const margin = endMjd >= now && startMjd < now ? (endMjd - startMjd) * MARGIN : 0;
    return [unixOfMjd(startMjd), unixOfMjd(endMjd + margin)];
  }

  #shadeGaps(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const step = HATCH_PX * devicePixelRatio;
    ctx.save();
    ctx.fillStyle = colour('gap');
    ctx.strokeStyle = colour('gap-line');
    ctx.lineWidth = devicePixelRatio;
    const bottom = bbox.top + bbox.height;
    for (const { from_mjd, to_mjd } of this.#axis.gaps) {
      const left = Math.max(bbox.left, plot.valToPos(unixOfMjd(from_mjd), 'x', true));
      const right = Math.min(bbox.left + bbox.width, plot.valToPos(unixOfMjd(to_mjd), 'x', true));
      if (right <= left) continue;
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, bbox.top, right - left, bbox.height);
      ctx.fill();
      ctx.clip();
      ctx.beginPath();
      for (let x = left - bbox.height; x < right; x += step) {
        ctx.moveTo(x, bottom);
        ctx.lineTo(x + bbox.height, bbox.top);
      }
      ctx.stroke();
      ctx.restore();
    }
    ctx.restore();
  }

  #drawNow(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const x = plot.valToPos(unixOfMjd(this.#axis.nowMjd), 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.save();
    ctx.strokeStyle = colour('accent');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }

  #selected(plot: uPlot): void {
    if (this.#settingSelection) return;
    const { left, width } = plot.select;
    if (width < BRUSH_LEAST_PX) {
      this.#select(undefined);
      this.#onBrush(undefined);
      return;
    }
    const brush = { startUnix: plot.posToVal(left, 'x'), endUnix: plot.posToVal(left + width, 'x') };
    this.#select(brush);
    this.#onBrush(brush);
  }

  /** Marks the same time in both. */
  #select(brush: Brush | undefined): void {
    this.#brush = brush;
    this.#settingSelection = true;
    for (const plot of this.#plots) this.#place(plot);
    this.#settingSelection = false;
  }

  /** The same times are elsewhere once the axis has moved. */
  #reselect(plot: uPlot, scale: string): void {
    if (scale === 'x' && this.#brush) this.#place(plot);
  }

  #place(plot: uPlot): void {
    const left = this.#brush ? plot.valToPos(this.#brush.startUnix, 'x') : 0;
    const width = this.#brush ? plot.valToPos(this.#brush.endUnix, 'x') - left : 0;
    plot.setSelect({ left, width, top: 0, height: plot.over.clientHeight }, false);
  }
}

const DAY_SECONDS = 86_400;

/** The time of day, and at midnight the date. */
function tick(time: number, stepSeconds: number): string {
  const iso = isoOf(time);
  if (stepSeconds >= 28 * DAY_SECONDS) return iso.slice(0, 7);
  if (time % DAY_SECONDS === 0) return iso.slice(5, 10);
  return iso.slice(11, stepSeconds < 60 ? 19 : 16);
}

const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
