import { select } from 'd3-selection';
import { type D3ZoomEvent, type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom';

const MOST_ZOOM = 30;
const KEY_STEP_PX = 60;
const KEY_ZOOM = 1.5;

/**
 * Zoom and pan by wheel, drag, pinch, double click, and by keyboard: arrows, + and -, 0 for the whole sky. A finger moves the page,
 * not the map, until the map is zoomed in.
 */
export function navigate(canvas: HTMLCanvasElement, moved: (transform: ZoomTransform) => void) {
  let current: ZoomTransform = zoomIdentity;
  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([1, MOST_ZOOM])
    .filter((event: Event) => {
      if (event instanceof MouseEvent && event.button !== 0) return false;
      return !('touches' in event) || current.k > 1 || (event as TouchEvent).touches.length > 1;
    })
    .on('zoom', ({ transform }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      current = transform;
      canvas.style.touchAction = transform.k > 1 ? 'none' : 'pan-y';
      moved(transform);
    });
  const selection = select(canvas).call(behaviour);
  canvas.style.touchAction = 'pan-y';

  canvas.addEventListener('keydown', (event) => {
    const by = (dx: number, dy: number) => behaviour.translateBy(selection, dx / current.k, dy / current.k);
    const actions: Record<string, () => void> = {
      ArrowLeft: () => by(KEY_STEP_PX, 0),
      ArrowRight: () => by(-KEY_STEP_PX, 0),
      ArrowUp: () => by(0, KEY_STEP_PX),
      ArrowDown: () => by(0, -KEY_STEP_PX),
      '+': () => behaviour.scaleBy(selection, KEY_ZOOM),
      '=': () => behaviour.scaleBy(selection, KEY_ZOOM),
      '-': () => behaviour.scaleBy(selection, 1 / KEY_ZOOM),
      '0': () => behaviour.transform(selection, zoomIdentity),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });

  return {
    resized(width: number, height: number) {
      behaviour
        .extent([
          [0, 0],
          [width, height],
        ])
        .translateExtent([
          [0, 0],
          [width, height],
        ]);
    },
    zoomBy: (factor: number) => behaviour.scaleBy(selection, factor),
    reset: () => behaviour.transform(selection, zoomIdentity),
  };
}
