import { type ZoomTransform, zoomIdentity } from 'd3-zoom';
import { colour, onThemeChange } from '../colours.js';
import type { Calibrator, Observation } from '../data/api.js';
import type { Prediction } from '../data/pointing.js';
import { Track } from '../data/track.js';
import { degreesMinutesSeconds, hoursMinutesSeconds } from '../format.js';
import { drawLabels, drawLines, drawSky, fittingScale } from './base.js';
import { gridFor } from './grid.js';
import { Heat } from './heat.js';
import { type Direction, drawCalibrators, drawPointing } from './markers.js';
import { navigate } from './navigation.js';
import { Points } from './points.js';
import { unitPosition, type View } from './projection.js';

const MARGIN_PX = 34;
const HOVER_PX = 10;
const NAMES_FROM_ZOOM = 1.6;
const NAMES_AT_MOST = 60;

const HELP = 'Use the arrow keys to move, plus and minus to zoom, 0 to show the whole sky.';

function wordsOf(pointing: Direction | undefined, isKnown: boolean): string {
  if (!pointing) return '';
  // Without seconds: a name that changes all the time is read out all the time.
  const ra = hoursMinutesSeconds(pointing.raIcrsDeg, 0).slice(0, 7);
  const where = `right ascension ${ra}, declination ${degreesMinutesSeconds(pointing.decIcrsDeg)}. `;
  return isKnown ? `The telescope is predicted to point at ${where}` : `The last observation was at ${where}`;
}

/** Less than this is not seen. */
const MOVED_DEG = 0.02;

const moved = (a: Direction | undefined, b: Direction | undefined): boolean =>
  a?.colourName !== b?.colourName ||
  (a !== undefined &&
    b !== undefined &&
    Math.abs(a.raIcrsDeg - b.raIcrsDeg) + Math.abs(a.decIcrsDeg - b.decIcrsDeg) > MOVED_DEG);

/** What lies under the mouse. */
export type Found = { readonly row: number } | { readonly calibrator: Calibrator };

/** The sky in ICRS: time in the beam, one dot an observation, calibrators, and where the telescope points. */
export class SkyMap {
  readonly navigation: ReturnType<typeof navigate>;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #heat = new Heat();
  readonly #points = new Points();
  #track = new Track();
  #heated = 0;
  #shown: readonly [from: number, to: number] = [0, 0];
  #calibrators: readonly Calibrator[] = [];
  #pointing: Direction | undefined;
  #transform: ZoomTransform = zoomIdentity;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d') as CanvasRenderingContext2D;
    this.#points.recolour();
    this.navigation = navigate(canvas, (transform) => {
      this.#transform = transform;
      this.redraw();
    });
    new ResizeObserver(() => this.#resize()).observe(canvas);
    onThemeChange(() => {
      this.#points.recolour();
      this.redraw();
    });
    this.#resize();
    performance.mark('sky-shown');
  }

  /** Shows the rows from one index up to another. Cheap where only new rows were added at the end. */
  show(track: Track, from: number, to: number): void {
    const grew = track === this.#track && from === this.#shown[0] && to >= this.#heated;
    if (track !== this.#track) this.#points.clear();
    if (!grew) {
      this.#heat.clear();
      this.#heated = from;
    }
    this.#track = track;
    this.#shown = [from, to];
    this.#points.project(track);
    this.#heat.add(track, this.#heated, to);
    this.#heated = to;
    this.redraw();
  }

  /** The predicted place of the beam; once it is unknown, that of the last observation, in grey. */
  setPointing(prediction: Prediction | undefined, last: Observation | undefined): void {
    const isKnown = prediction !== undefined && prediction.state !== 'unknown';
    const { raIcrsDeg, decIcrsDeg } = isKnown
      ? prediction
      : { raIcrsDeg: last?.ra_icrs_deg, decIcrsDeg: last?.dec_icrs_deg };
    const colourName = prediction?.state === 'on time' ? 'accent' : 'stopped';
    const pointing =
      raIcrsDeg == null || decIcrsDeg == null ? undefined : { raIcrsDeg, decIcrsDeg, colourName };
    this.#canvas.setAttribute('aria-label', `Sky map in ICRS. ${wordsOf(pointing, isKnown)}${HELP}`);
    if (!moved(this.#pointing, pointing)) return;
    this.#pointing = pointing;
    this.redraw();
  }

  setCalibrators(calibrators: readonly Calibrator[]): void {
    this.#calibrators = calibrators;
    this.redraw();
  }

  /** At a place in the page's pixels, from the canvas's corner. */
  find(xPx: number, yPx: number): Found | undefined {
    const { view, ratio } = this.#view();
    const [px, py, within] = [xPx * ratio, yPx * ratio, HOVER_PX * ratio];
    const calibrator = this.#calibrators.find(({ ra_icrs_deg, dec_icrs_deg }) => {
      const [ux, uy] = unitPosition(ra_icrs_deg, dec_icrs_deg);
      return Math.hypot(view.x + view.scale * ux - px, view.y + view.scale * uy - py) < within * 0.6;
    });
    if (calibrator) return { calibrator };
    const row = this.#points.nearest(view, px, py, ...this.#shown, within);
    return row === undefined ? undefined : { row };
  }

  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    const ratio = devicePixelRatio;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    this.navigation.resized(clientWidth, clientHeight);
    this.#draw();
  }

  /** In device pixels. */
  #view(): { view: View; ratio: number } {
    const { width, height } = this.#canvas;
    const ratio = devicePixelRatio;
    const { k, x, y } = this.#transform;
    const scale = fittingScale(width, height, MARGIN_PX * ratio) * k;
    return {
      ratio,
      view: { width, height, scale, x: (width / 2) * k + x * ratio, y: (height / 2) * k + y * ratio },
    };
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const context = this.#context;
    const { view, ratio } = this.#view();
    const { k } = this.#transform;
    context.clearRect(0, 0, view.width, view.height);
    drawSky(context, view);
    this.#heat.draw(context, view, colour);
    const grid = gridFor(view, k, ratio);
    drawLines(context, view, ratio, grid);
    const size = Math.round(ratio * (k > 6 ? 4 : k > 2 ? 3 : 2));
    this.#points.draw(context, view, ...this.#shown, size);
    drawLabels(context, view, ratio, grid);
    const named = k >= NAMES_FROM_ZOOM && this.#calibrators.length / k ** 2 < NAMES_AT_MOST;
    drawCalibrators(context, view, this.#calibrators, ratio, named, grid.small);
    if (this.#pointing) drawPointing(context, view, this.#pointing, ratio);
  }
}
