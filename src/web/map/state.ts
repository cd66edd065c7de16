import { wrap360 } from 'pointing-monitor/units';

/** What can be shown on the map or hidden. */
const LAYERS = [
  'heat',
  'trail',
  'calibrators',
  'sources',
  'galaxy',
  'sun',
  'moon',
  'unseen',
  'path',
  'radio',
] as const;
export type Layer = (typeof LAYERS)[number];

/** Where the map looks, ICRS, and what is on it. */
export interface MapView {
  /** 0 to 360. */
  readonly raDeg: number;
  readonly decDeg: number;
  /** The angle across the map at its centre, MIN_FIELD_DEG to WHOLE_SKY_DEG. */
  readonly fieldDeg: number;
  readonly layers: readonly Layer[];
}

export const WHOLE_SKY_DEG = 360;
export const MIN_FIELD_DEG = 3;
/** A sky that is moved by hand rests once it has not moved for this many milliseconds. */
const RESTS_AFTER_MS = 300;
/** At this field and below the centre can be anywhere; the whole sky stands upright. */
const FREE_FIELD_DEG = 180;

/** 12 h in the middle. */
export const DEFAULT_VIEW: MapView = {
  raDeg: 180,
  decDeg: 0,
  fieldDeg: WHOLE_SKY_DEG,
  layers: LAYERS.filter((layer) => layer !== 'path' && layer !== 'radio'),
};

/** `act`: by a button or a setting; `key`: by one that may be pressed again and again; `hand`: by dragging, by a wheel or a search. */
export type MapMover = 'act' | 'key' | 'hand';

export interface MapChange {
  readonly view: MapView;
  readonly by: MapMover;
}

export const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

type Listener = (change: MapChange) => void;

/** The centre, field and layers of the map. Any values can be set; the nearest allowed ones are kept. */
export class MapState {
  #view = DEFAULT_VIEW;
  readonly #listeners: Listener[] = [];
  readonly #restListeners: Listener[] = [];
  #resting: ReturnType<typeof setTimeout> | undefined;

  get view(): MapView {
    return this.#view;
  }

  /** While the sky is turned or zoomed by hand: expensive work waits until it rests. */
  get isMoving(): boolean {
    return this.#resting !== undefined;
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Calls back after a change by hand when the sky rests, after others at once. */
  onRest(listener: Listener): void {
    this.#restListeners.push(listener);
  }

  /** Numbers that are not finite are left as they were. */
  set(wanted: Partial<MapView>, by: MapMover = 'act'): void {
    const before = this.#view;
    const number = (name: 'raDeg' | 'decDeg' | 'fieldDeg') => {
      const value = wanted[name];
      return value !== undefined && Number.isFinite(value) ? value : before[name];
    };
    const fieldDeg = clamp(number('fieldDeg'), MIN_FIELD_DEG, WHOLE_SKY_DEG);
    const layers = wanted.layers ?? before.layers;
    const view: MapView = {
      fieldDeg,
      raDeg: wrap360(number('raDeg')),
      decDeg: clamp(number('decDeg'), -maxTiltDeg(fieldDeg), maxTiltDeg(fieldDeg)),
      layers: LAYERS.filter((layer) => layers.includes(layer)),
    };
    if (isSame(view, before)) return;
    this.#view = view;
    const change = { view, by };
    clearTimeout(this.#resting);
    this.#resting = by === 'hand' ? setTimeout(() => this.#rest(change), RESTS_AFTER_MS) : undefined;
    for (const listener of this.#listeners) listener(change);
    if (by !== 'hand') this.#rest(change);
  }

  #rest(change: MapChange): void {
    this.#resting = undefined;
    for (const listener of this.#restListeners) listener(change);
  }

  toggle(layer: Layer): void {
    const { layers } = this.#view;
    this.set({
      layers: layers.includes(layer) ? layers.filter((other) => other !== layer) : [...layers, layer],
    });
  }
}

/** How far from the equator the centre of a field can be. */
export const maxTiltDeg = (fieldDeg: number) =>
  90 * Math.min(1, (WHOLE_SKY_DEG - fieldDeg) / (WHOLE_SKY_DEG - FREE_FIELD_DEG));

const isSame = (a: MapView, b: MapView) =>
  a.raDeg === b.raDeg &&
  a.decDeg === b.decDeg &&
  a.fieldDeg === b.fieldDeg &&
  a.layers.join() === b.layers.join();
