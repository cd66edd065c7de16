import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colour, onThemeChange } from '../colours.js';
import type { Track } from '../data/track.js';
import { byId } from '../element.js';
import { signedDegrees, unixOfMjd } from '../format.js';

const HEIGHT_PX = 150;
const BRUSH_LEAST_PX = 4;

type Brush = { readonly startUnix: number; readonly endUnix: number };

interface Quantity {
  readonly id: string;
  readonly label: string;
  readonly of: (track: Track, i: number) => number;
  readonly scale: uPlot.Scale;
  readonly splits?: number[];
  readonly text: (value: number) => string;
}

const quantities: readonly Quantity[] = [
  {
    id: 'dec-plot',
    label: 'Dec',
    of: (track, i) => track.decDeg(i),
    scale: { range: (_, least, most) => [least === null ? -30 : least - 3, most === null ? 90 : most + 3] },
    text: (value) => signedDegrees(value, Number.isInteger(value) ? 0 : 3),
  },
  {
    id: 'ra-plot',
    label: 'RA',
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

  show(track: Track): void {
    const times = Float64Array.from({ length: track.count }, (_, i) => unixOfMjd(track.mjd(i)));
    this.#data = quantities.map(({ of }) => [times, Float64Array.from(times, (_, i) => of(track, i))]);
    for (const [i, plot] of this.#plots.entries()) plot.setData(this.#data[i] as uPlot.AlignedData);
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
      scales: { x: { time: true }, y: scale },
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
      hooks: { setSelect: [(plot) => this.#selected(plot)] },
    };
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
    this.#settingSelection = true;
    for (const plot of this.#plots) {
      const left = brush ? plot.valToPos(brush.startUnix, 'x') : 0;
      const width = brush ? plot.valToPos(brush.endUnix, 'x') - left : 0;
      plot.setSelect({ left, width, top: 0, height: plot.over.clientHeight }, false);
    }
    this.#settingSelection = false;
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
