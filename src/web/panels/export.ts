import type { Attempt } from '../attempt.js';
import { exportUrl } from '../data/api.js';
import { nowMjd } from '../data/clock.js';
import type { MjdSpan } from '../data/range.js';
import { byId, element } from '../element.js';
import { utc } from '../format.js';
import type { SkyMap } from '../map/sky-map.js';
import { part } from '../part.js';
import type { TimeView } from '../view.js';

/** What is seen, in files. The pictures carry a caption. */
export function startExport(
  map: SkyMap,
  view: Pick<TimeView, 'finiteSpan' | 'span' | 'isOfAnother'>,
  attempt: Attempt,
): void {
  const place = byId('export');
  place.addEventListener('beforetoggle', (event) => {
    if ((event as ToggleEvent).newState === 'open') place.replaceChildren(...entries(map, view, attempt));
  });
}

const name = (extension: string) =>
  `pointing-${utc(nowMjd()).replace(' ', 'T').replaceAll(':', '')}Z.${extension}`;

function entries(
  map: SkyMap,
  view: Pick<TimeView, 'finiteSpan' | 'span' | 'isOfAnother'>,
  attempt: Attempt,
): Node[] {
  const { finiteSpan: shown, span } = view;
  const file = (id: string, text: string, href: string, extension: string) =>
    element('a', { id, href, download: name(extension) }, text);
  // What is on the map may have changed since the entries were opened.
  const picture = (id: string, text: string, save: (span: MjdSpan) => Promise<void>) => {
    const button = element('button', { type: 'button', id }, text);
    button.addEventListener('click', () =>
      attempt('picture', async () => {
        if (view.isOfAnother) throw new Error('the rows for this telescope have not loaded yet; try again');
        await save(view.finiteSpan);
      }),
    );
    return button;
  };
  const rows = (format: string) => exportUrl('api/pointing_history', span, { format, all: 'true' });
  const pictures = () => part(() => import('./picture.js'));
  return [
    element('p', { class: 'muted' }, `${utc(shown.start)} to ${utc(shown.end)} UTC`),
    file('csv', 'CSV: times and positions', rows('csv'), 'csv'),
    file('json', 'JSON: the same', rows('json'), 'json'),
    file('votable', 'VOTable: the same', rows('votable'), 'xml'),
    file('moc', 'MOC: the sky seen', exportUrl('api/pointing/moc', span), 'moc.fits'),
    picture('png', 'PNG: the map', async (seen) => (await pictures()).savePng(map, seen, name('png'))),
    picture('svg', 'SVG: the map', async (seen) => (await pictures()).saveSvg(map, seen, name('svg'))),
  ];
}
