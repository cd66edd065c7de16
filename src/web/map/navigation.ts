import { select } from 'd3-selection';
import { type D3ZoomEvent, zoom, zoomIdentity } from 'd3-zoom';
import { RAD_PER_DEG } from 'pointing-monitor/units';
import type { Place, Sky, SkyProjection } from './projection.js';
import { clamp, DEFAULT_VIEW, type MapState, MIN_FIELD_DEG, maxTiltDeg, WHOLE_SKY_DEG } from './state.js';

/** Of the field. */
const KEY_STEP = 0.1;
export const KEY_ZOOM = 1.5;

export const KEYS =
  'Arrow keys turn the sky, plus and minus zoom, 0 shows the whole sky, T goes to the telescope.';

/**
 * Turns the sphere under the pointer, and zooms there: by wheel, drag, pinch, double click, and by keyboard. A finger moves the
 * page, not the map, until the map is zoomed in.
 */
export function navigate(
  canvas: HTMLCanvasElement,
  state: MapState,
  projection: (fieldDeg?: number) => SkyProjection,
  goToTelescope: () => void,
): void {
  /** The direction that was taken hold of. */
  let held: Sky | undefined;
  let isFollowing = false;
  const zoomed = () => WHOLE_SKY_DEG / state.view.fieldDeg;

  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([1, WHOLE_SKY_DEG / MIN_FIELD_DEG])
    .duration(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 250)
    .filter((event: Event) => {
      if (event instanceof MouseEvent && event.button !== 0) return false;
      return !('touches' in event) || zoomed() > 1 || (event as TouchEvent).touches.length > 1;
    })
    .on('start', ({ sourceEvent }: ZoomEvent) => {
      const place = sourceEvent && placeOf(sourceEvent, canvas);
      held = place && projection().skyAt(place);
    })
    .on('zoom', ({ sourceEvent, transform }: ZoomEvent) => {
      if (isFollowing) return;
      const fieldDeg = WHOLE_SKY_DEG / transform.k;
      const place = sourceEvent && placeOf(sourceEvent, canvas);
      const maxDeg = maxTiltDeg(fieldDeg);
      const centre =
        held &&
        place &&
        projection(fieldDeg).centreWith(held, place, (decDeg) => clamp(decDeg, -maxDeg, maxDeg));
      state.set({ ...centre, fieldDeg }, 'hand');
    });
  const selection = select(canvas).call(behaviour);

  canvas.style.touchAction = 'pan-y';
  state.onChange(({ by }) => {
    canvas.style.touchAction = zoomed() > 1 ? 'none' : 'pan-y';
    if (by === 'hand') return;
    isFollowing = true;
    behaviour.transform(selection, zoomIdentity.scale(zoomed()));
    isFollowing = false;
  });

  canvas.addEventListener('keydown', (event) => {
    const { raDeg, decDeg, fieldDeg } = state.view;
    const step = fieldDeg * KEY_STEP;
    const east = step / Math.max(0.1, Math.cos(decDeg * RAD_PER_DEG));
    const actions: Record<string, () => void> = {
      ArrowLeft: () => state.set({ raDeg: raDeg + east }, 'key'),
      ArrowRight: () => state.set({ raDeg: raDeg - east }, 'key'),
      ArrowUp: () => state.set({ decDeg: decDeg + step }, 'key'),
      ArrowDown: () => state.set({ decDeg: decDeg - step }, 'key'),
      '+': () => state.set({ fieldDeg: fieldDeg / KEY_ZOOM }, 'key'),
      '=': () => state.set({ fieldDeg: fieldDeg / KEY_ZOOM }, 'key'),
      '-': () => state.set({ fieldDeg: fieldDeg * KEY_ZOOM }, 'key'),
      '0': () => showWholeSky(state),
      t: goToTelescope,
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
}

type ZoomEvent = D3ZoomEvent<HTMLCanvasElement, unknown> & {
  readonly sourceEvent: MouseEvent | TouchEvent | null;
};

export function showWholeSky(state: MapState): void {
  const { raDeg, decDeg, fieldDeg } = DEFAULT_VIEW;
  state.set({ raDeg, decDeg, fieldDeg });
}

/** Of the mouse, or the middle of the fingers. */
function placeOf(event: MouseEvent | TouchEvent, canvas: HTMLCanvasElement): Place | undefined {
  const points = 'touches' in event ? [...event.touches] : [event];
  if (points.length === 0) return undefined;
  const { left, top } = canvas.getBoundingClientRect();
  const mean = (of: 'clientX' | 'clientY') =>
    points.reduce((sum, point) => sum + point[of], 0) / points.length;
  return { x: mean('clientX') - left, y: mean('clientY') - top };
}
