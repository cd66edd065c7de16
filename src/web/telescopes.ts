/**
 * Which telescope the page shows, where the history has several: the one that the address names, else the one that had observed last when
 * the page was opened.
 */
import { addressed, follow, remember } from './address.js';
import * as api from './data/api.js';
import { chooseTelescope, TELESCOPE } from './data/instrument.js';
import { byId, element } from './element.js';

/** Where the address names none. */
let own: string | undefined;
let reload: () => void;

/** Calls back when another one has been chosen. */
export function startTelescopes(onChoice: () => void): void {
  reload = onChoice;
  chooseTelescope(addressed('telescope'));
  const select = field();
  select.addEventListener('change', () => {
    remember({ telescope: select.value }, 'push');
    chooseTelescope(select.value);
    onChoice();
  });
  follow(['telescope'], () => {
    chooseTelescope(addressed('telescope') ?? own);
    onChoice();
  });
}

/** Asks where the telescope on show points. That is the one before also when a second one begins to observe. */
export async function fetchShown(before: api.Latest | undefined): Promise<api.Latest> {
  try {
    let latest = await api.fetchLatest();
    const { telescopes, instrument } = latest;
    if (isOwn() && !telescopes.includes(TELESCOPE as string)) return await fetchAnother();
    if (TELESCOPE === undefined && telescopes.length > 1) {
      const known = telescopes.find((name) => name === before?.instrument.name);
      own = known ?? instrument.name;
      chooseTelescope(own);
      if (known !== undefined) {
        // Its rows are mixed with the other's.
        reload();
        latest = await api.fetchLatest();
      }
    }
    offer(telescopes);
    return latest;
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    if (isOwn()) return await fetchAnother();
    // The address can name one that is not there.
    offer(await api.fetchTelescopes());
    throw error;
  }
}

/** Nobody asked for the one on show. */
const isOwn = () => addressed('telescope') === undefined && TELESCOPE !== undefined;

/** In place of the one that was chosen here, which has another name now, or is gone. */
async function fetchAnother(): Promise<api.Latest> {
  own = undefined;
  chooseTelescope(undefined);
  const latest = await fetchShown(undefined);
  reload();
  return latest;
}

const field = () => byId('telescopes').querySelector('select') as HTMLSelectElement;

function offer(names: readonly string[]): void {
  byId('telescopes').hidden = names.length < 2 && TELESCOPE === undefined;
  const select = field();
  const offered = [...select.options].map(({ value }) => value);
  const sorted = [...names].sort();
  if (sorted.join() !== offered.join())
    select.replaceChildren(...sorted.map((name) => element('option', { value: name }, name)));
  select.value = TELESCOPE ?? '';
}
