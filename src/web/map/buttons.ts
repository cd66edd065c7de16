import { byId } from '../element.js';
import { KEY_ZOOM, showWholeSky } from './navigation.js';
import type { SkyMap } from './sky-map.js';

/** The buttons beside the title of the map. */
export function startMapButtons(map: SkyMap): void {
  const { state } = map;
  const zoomBy = (factor: number) => state.set({ fieldDeg: state.view.fieldDeg / factor });
  byId('zoom-in').addEventListener('click', () => zoomBy(KEY_ZOOM));
  byId('zoom-out').addEventListener('click', () => zoomBy(1 / KEY_ZOOM));
  byId('zoom-all').addEventListener('click', () => showWholeSky(state));
  byId('zoom-telescope').addEventListener('click', () => map.goToTelescope());
}
