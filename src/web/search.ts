import { addressed, follow, remember } from './address.js';
import type { Attempt } from './attempt.js';
import { type Found, Refused, search } from './data/api.js';
import { byId } from './element.js';
import { onLink } from './panels/links.js';
import type { Tabs } from './panels/tabs.js';
import type { TimeView } from './view.js';

/** What a search leads to beside the table of its passes. */
export interface SearchTargets {
  readonly view: TimeView;
  readonly tabs: Tabs;
  readonly openObservation: (mjd: number) => void;
  /** Marks a place on the map and moves there; undefined takes the mark away. */
  readonly mark: (place: { raDeg: number; decDeg: number; name: string } | undefined) => void;
  readonly attempt: Attempt;
}

export interface Search {
  readonly find: (text: string) => void;
  /** Asks again for the place that the address names, if the server could not answer. */
  readonly retry: () => void;
}

/** The search field, which `/` reaches from anywhere. */
export function startSearch({ view, tabs, openObservation, mark, attempt }: SearchTargets): Search {
  const field = byId<HTMLInputElement>('search-text');
  /** An answer counts until another question is asked. */
  let asked = 0;
  /** The address names a place that the server could not tell when it was asked, but may. */
  let isMissing = false;
  const markPosition = (found: Found) => {
    if (found.kind !== 'position') return;
    const { name, ra_icrs_deg: raDeg, dec_icrs_deg: decDeg } = found.observed.position;
    mark({ raDeg, decDeg, name });
  };
  const find = (text: string) => {
    if (text.trim() === '') return;
    const mine = ++asked;
    void attempt(
      'search',
      async () => {
        const found = await search(text);
        if (mine !== asked) return;
        markPosition(found);
        field.value = text;
        if (found.kind === 'observation') openObservation(found.mjd);
        else if (found.kind === 'date')
          void attempt('range', () => view.choose('custom', { start: found.start_mjd, end: found.end_mjd }));
        else {
          remember({ find: text, tab: 'search' }, 'push');
          tabs.follow();
        }
      },
      'act',
    );
  };
  const markAddressed = () => {
    const text = addressed('find');
    const mine = asked;
    void attempt('search', async () => {
      isMissing = false;
      if (text === undefined) return mark(undefined);
      const found = await search(text).catch((error) => {
        if (addressed('find') === text) isMissing = !(error instanceof Refused);
        throw error;
      });
      if (mine === asked) markPosition(found);
    });
  };
  const follows = () => {
    field.value = addressed('find') ?? '';
    asked++;
    markAddressed();
    tabs.fillAgain('search');
  };
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    find(field.value);
  });
  // The field's own cross.
  field.addEventListener('search', () => {
    if (field.value !== '') return;
    remember({ find: undefined }, 'push');
    follows();
  });
  onLink('find', find);
  document.addEventListener('keydown', (event) => {
    const typing = (event.target as Element).closest('input, select, textarea');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  follow(['find'], follows);
  follows();
  return { find, retry: () => isMissing && markAddressed() };
}
