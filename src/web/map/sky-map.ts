import { RAD_PER_DEG } from 'pointing-monitor/units';
import { colour, onThemeChange } from '../colours.js';
import type { Calibrator, Observation, Sky as SkyNow, Source } from '../data/api.js';
import { INSTRUMENT_REVISION } from '../data/instrument.js';
import type { Prediction } from '../data/pointing.js';
import { Track } from '../data/track.js';
import { drawGalaxy, drawLines, drawRadioSky, drawSky, drawUnseen } from './base.js';
import { drawBody, drawPath, drawSources } from './bodies.js';
import type { Context } from './context.js';
import { type Direction, directionOf, moved } from './direction.js';
import { gridFor, labelGrid } from './grid.js';
import { Heat } from './heat.js';
import { Labels } from './labels.js';
import { showBeam } from './legend.js';
import { drawCalibrators, drawMark, drawPointing, type Mark } from './markers.js';
import { KEYS, navigate } from './navigation.js';
import { type FoundRow, Points } from './points.js';
import { type Place, type Sky, SkyProjection } from './projection.js';
import { type Layer, MapState } from './state.js';

const MARGIN_PX = 34;
/** Until the site is known, the map is cropped as at this latitude. */
const LIKELY_LATITUDE_DEG = 37;
const HOVER_PX = 10;
/** All calibrators in sight are named where there are no more than this. */
const NAMES_AT_MOST = 60;
/** Else the few that every observer knows. */
const NAMED_FROM_JY = 14;
/** Wide enough to see where the telescope is among its neighbours. */
const TELESCOPE_FIELD_DEG = 40;

/** What lies under the mouse. */
export type Found = FoundRow | { readonly calibrator: Calibrator } | { readonly source: Source };

/** The sky in ICRS: time in the beam, one dot an observation, calibrators, and where the telescope points. */
export class SkyMap {
  readonly state = new MapState();
  /** Pixels of the page. */
  width = 1;
  height = 1;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #heat = new Heat();
  readonly #points = new Points();
  #track = new Track();
  #heated = 0;
  #heatedAs = INSTRUMENT_REVISION;
  #shown: readonly [from: number, to: number] = [0, 0];
  #calibrators: readonly Calibrator[] = [];
  #pointing: Direction | undefined;
  #mark: Mark | undefined;
  #sky: SkyNow | undefined;
  #fontPx = 11;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
    canvas.setAttribute('role', 'application');
    this.state.onChange(() => this.redraw());
    this.state.onRest(() => this.redraw());
    navigate(
      canvas,
      this.state,
      (fieldDeg) => this.#projection(fieldDeg),
      () => this.goToTelescope(),
    );
    // Also called once before the first picture.
    new ResizeObserver(() => this.#resize()).observe(canvas);
    onThemeChange(() => this.#draw());
  }

  /** Shows the rows from one index up to another. Cheap where only new rows were added at the end. */
  show(track: Track, from: number, to: number): void {
    const isSameBeam = this.#heatedAs === INSTRUMENT_REVISION;
    const grew = isSameBeam && track === this.#track && from === this.#shown[0] && to >= this.#heated;
    if (!grew) {
      this.#heat.clear();
      this.#heated = from;
    }
    this.#track = track;
    this.#shown = [from, to];
    this.#points.take(track);
    this.#heat.add(track, this.#heated, to);
    this.#heated = to;
    this.#heatedAs = INSTRUMENT_REVISION;
    this.redraw();
  }

  /** The predicted place of the beam or, once it is unknown, that of the last observation. */
  setPointing(prediction: Prediction | undefined, last: Observation | undefined): void {
    const { pointing, words } = directionOf(prediction, last);
    this.#canvas.setAttribute('aria-label', `Sky map in ICRS. ${words}${KEYS}`);
    if (!moved(this.#pointing, pointing)) return;
    this.#pointing = pointing;
    showBeam(pointing);
    this.redraw();
  }

  /** Brightest first. */
  setCalibrators(calibrators: readonly Calibrator[]): void {
    this.#calibrators = calibrators.toSorted((a, b) => (b.flux_20cm_jy ?? 0) - (a.flux_20cm_jy ?? 0));
    this.redraw();
  }

  /** Marks what was searched for, and shows it; undefined takes the mark away. */
  mark(mark: Mark | undefined): void {
    this.#mark = mark;
    const place = mark && this.#projection().placeOf(mark.raDeg, mark.decDeg);
    const isInSight = place && place.x > 0 && place.y > 0 && place.x < this.width && place.y < this.height;
    if (mark && !isInSight) this.state.set({ raDeg: mark.raDeg, decDeg: mark.decDeg }, 'hand');
    this.redraw();
  }

  setSky(sky: SkyNow): void {
    this.#sky = sky;
    this.redraw();
  }

  /** Nothing happens while no pointing is known. */
  goToTelescope(): void {
    if (!this.#pointing) return;
    const { raIcrsDeg: raDeg, decIcrsDeg: decDeg } = this.#pointing;
    this.state.set({ raDeg, decDeg, fieldDeg: Math.min(this.state.view.fieldDeg, TELESCOPE_FIELD_DEG) });
  }

  /** At a place on the canvas; undefined beside the sky. */
  skyAt(place: Place): Sky | undefined {
    return this.#projection().skyAt(place);
  }

  find({ x, y }: Place): Found | undefined {
    const projection = this.#projection();
    const isNear = ({ place }: { readonly place: Place }) =>
      Math.hypot(place.x - x, place.y - y) < HOVER_PX * 0.6;
    const mark =
      this.#calibratorsInSight(projection).find(isNear) ?? this.#sourcesInSight(projection).find(isNear);
    if (mark) return mark;
    return this.#shows('trail') ? this.#points.nearest(x, y, HOVER_PX) : undefined;
  }

  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #resize(): void {
    this.width = this.#canvas.clientWidth;
    this.height = this.#canvas.clientHeight;
    this.#canvas.width = Math.round(this.width * devicePixelRatio);
    this.#canvas.height = Math.round(this.height * devicePixelRatio);
    this.#fontPx = Number.parseFloat(getComputedStyle(this.#canvas).fontSize);
    this.#draw();
    if (performance.getEntriesByName('sky-shown').length === 0) performance.mark('sky-shown');
  }

  #shows = (layer: Layer) => this.state.view.layers.includes(layer);

  #projection(fieldDeg = this.state.view.fieldDeg): SkyProjection {
    const { width, height } = this;
    const latitudeDeg = this.#sky?.site.latitude_deg ?? LIKELY_LATITUDE_DEG;
    // The parallel that never rises meets the edge of Hammer's ellipse this far from the equator.
    const cropped = Math.cos(latitudeDeg * RAD_PER_DEG);
    const [above, below] = latitudeDeg < 0 ? [cropped, 1] : [1, cropped];
    return new SkyProjection(
      { ...this.state.view, fieldDeg },
      { width, height, margin: MARGIN_PX * (this.#fontPx / 11), above, below, fontPx: this.#fontPx },
    );
  }

  #calibratorsInSight(projection: SkyProjection) {
    if (!this.#shows('calibrators')) return [];
    return this.#calibrators.flatMap((calibrator) => {
      const place = projection.placeOf(calibrator.ra_icrs_deg, calibrator.dec_icrs_deg);
      const isInSight =
        place && place.x > 0 && place.y > 0 && place.x < projection.width && place.y < projection.height;
      return isInSight ? [{ calibrator, place }] : [];
    });
  }

  #sourcesInSight(projection: SkyProjection) {
    if (!this.#shows('sources')) return [];
    return (this.#sky?.sources ?? []).flatMap((source) => {
      const place = projection.placeOf(source.ra_icrs_deg, source.dec_icrs_deg);
      return place ? [{ source, place }] : [];
    });
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    // A window can be moved to a screen of another resolution.
    if (this.#canvas.width !== Math.round(this.width * devicePixelRatio)) {
      this.#resize();
      return;
    }
    this.#context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    this.drawOn(this.#context, this.state.isMoving);
  }

  /** In pixels of the page. While it moves, dots and time in the beam have no rims, which cost as much as they do. */
  drawOn(context: Context, isMoving = false): void {
    const projection = this.#projection();
    const labels = new Labels(context, projection);
    const grid = gridFor(projection, this.state.view);
    context.fillStyle = colour('card');
    context.fillRect(0, 0, projection.width, projection.height);
    context.save();
    context.beginPath();
    const top = Math.floor(projection.top - 1);
    context.rect(0, top, projection.width, Math.ceil(projection.bottom + 1) - top);
    context.clip();
    drawSky(context, projection);
    if (this.#shows('radio')) drawRadioSky(context, projection);
    const sky = this.#sky;
    if (sky && this.#shows('unseen')) drawUnseen(context, projection, sky.site.latitude_deg);
    if (this.#shows('heat')) this.#heat.draw(context, projection, this.#shows('radio') && !isMoving);
    drawLines(context, projection, grid);
    if (this.#shows('trail')) this.#points.draw(context, projection, ...this.#shown, !isMoving);
    if (this.#shows('galaxy')) drawGalaxy(context, projection, labels);
    labelGrid(labels, projection, grid);
    if (sky && this.#shows('path')) drawPath(context, projection, labels, sky.path);
    for (const body of ['sun', 'moon'] as const)
      if (sky && this.#shows(body)) drawBody(context, projection, labels, sky[body], body);
    drawSources(context, projection, labels, this.#sourcesInSight(projection));
    if (this.#mark) drawMark(context, projection, labels, this.#mark);
    const calibrators = this.#calibratorsInSight(projection);
    const allNamed = calibrators.length <= NAMES_AT_MOST && projection.fieldDeg < 240;
    drawCalibrators(
      context,
      projection,
      labels,
      calibrators,
      ({ flux_20cm_jy }) => allNamed || (flux_20cm_jy ?? 0) >= NAMED_FROM_JY,
    );
    if (this.#pointing) drawPointing(context, projection, labels, this.#pointing);
    labels.draw();
    context.restore();
  }
}
