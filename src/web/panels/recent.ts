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
  const words = subBandWords(subBands);
  const there = new Set(subBands);
  return element(
    'span',
    { class: 'dots', role: 'img', 'aria-label': words, title: words },
    ...Array.from({ length: SUB_BANDS }, (_, i) => element('i', there.has(i) ? { class: 'there' } : {})),
  );
}

/** `12 of 16 on disk; missing sb00, sb07–sb09`. */
export function subBandWords(subBands: readonly number[]): string {
  const words = `${subBands.length} of ${SUB_BANDS} on disk`;
  const missing = missingRuns(new Set(subBands));
  // Where none is there, each is missing.
  if (missing.length === 0 || subBands.length === 0) return words;
  const names = missing.map(([first, last]) =>
    first === last ? nameOf(first) : `${nameOf(first)}–${nameOf(last)}`,
  );
  return `${words}; missing ${names.join(', ')}`;
}

const nameOf = (subBand: number) => `sb${String(subBand).padStart(2, '0')}`;

function missingRuns(there: ReadonlySet<number>): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (let i = 0; i < SUB_BANDS; i++) {
    if (there.has(i)) continue;
    const run = runs.at(-1);
    if (run?.[1] === i - 1) run[1] = i;
    else runs.push([i, i]);
  }
  return runs;
}
