import type { RecentItem } from '../data/api.js';
import { byId, element, renew } from '../element.js';
import { hoursMinutesSeconds, signedDegrees } from '../format.js';
import { clock, scaleName } from '../times.js';
import { observationLink, opensObservation } from './links.js';
import { table } from './table.js';

const SUB_BANDS = 16;

/** The newest observations and, of a telescope that writes a file for each, which of their sub-bands the server finds on disk. */
export function showRecent(items: readonly RecentItem[]): void {
  const hasSubBands = items.some(({ sub_bands }) => sub_bands !== null);
  renew(
    byId('recent'),
    items.length === 0
      ? element('p', { class: 'muted' }, 'No observations yet.')
      : table(
          'The newest observations',
          [
            { name: scaleName(), cell: ({ timestamp }) => observationLink(timestamp, clock(timestamp)) },
            { name: 'RA', number: true, cell: ({ ra_deg }) => hoursMinutesSeconds(ra_deg, 0).slice(0, 7) },
            { name: 'Dec', number: true, cell: ({ dec_deg }) => signedDegrees(dec_deg, 2) },
            ...(hasSubBands
              ? [
                  {
                    name: 'Sub-bands on disk',
                    number: true,
                    cell: ({ sub_bands }: RecentItem) => dots(sub_bands),
                  },
                ]
              : []),
          ],
          items,
          ({ timestamp }) => opensObservation(timestamp),
        ),
  );
}

/** A dot for each of the 16, filled where its file is on disk. */
export function dots(subBands: readonly number[] | null): HTMLElement {
  if (subBands === null) return element('span', { class: 'muted' }, 'not known');
  const words = `${subBands.length} of ${SUB_BANDS}`;
  const there = new Set(subBands);
  return element(
    'span',
    { class: 'dots', role: 'img', 'aria-label': `${words} sub-bands on disk`, title: words },
    ...Array.from({ length: SUB_BANDS }, (_, i) => element('i', there.has(i) ? { class: 'there' } : {})),
  );
}
