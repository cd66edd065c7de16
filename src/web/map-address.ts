import { addressed, follow, remember } from './address.js';
import { DEFAULT_VIEW, type Layer, type MapState, type MapView } from './map/state.js';

const textOf = ({ raDeg, decDeg, fieldDeg }: MapView) =>
  [raDeg, decDeg, fieldDeg].map((value) => String(Math.round(value * 1000) / 1000)).join(',');

/** Keeps the map's centre, field and layers in the address. */
export function startMapAddress(state: MapState): void {
  let isFollowing = false;
  const follows = () => {
    const [raDeg = Number.NaN, decDeg = Number.NaN, fieldDeg = Number.NaN] = (
      addressed('map') ?? textOf(DEFAULT_VIEW)
    )
      .split(',')
      .map(Number);
    const layers = (addressed('layers')?.split(',') ?? DEFAULT_VIEW.layers) as readonly Layer[];
    isFollowing = true;
    state.set({ raDeg, decDeg, fieldDeg, layers });
    isFollowing = false;
  };
  state.onRest(({ view, by }) => {
    if (isFollowing) return;
    const [map, layers] = [textOf(view), view.layers.join()];
    remember(
      {
        map: map === textOf(DEFAULT_VIEW) ? undefined : map,
        layers: layers === DEFAULT_VIEW.layers.join() ? undefined : layers,
      },
      ({ act: 'push', key: 'key', hand: 'replace' } as const)[by],
    );
  });
  follow(['map', 'layers'], follows);
  follows();
}
