import { fixed360 } from 'pointing-monitor/units';
import { addressed, addressWith, follow, remember } from '../address.js';
import type { Attempt, Wish } from '../attempt.js';
import { fetchObservation, type OneObservation, Refused } from '../data/api.js';
import { byId, definitions, element, likeOf, renew } from '../element.js';
import { degreesMinutesSeconds, hoursMinutesSeconds, signedDegrees, utc } from '../format.js';
import { observationLink, onLink, sourceLink } from './links.js';
import { dots, subBandWords } from './recent.js';
import { table } from './table.js';

export interface ObservationPanel {
  readonly open: (mjd: number) => void;
  /** Brings what it shows up to date: a newer observation, or another sub-band, may have come. */
  readonly renew: () => void;
  /** Asks again for the one that the address names, if the server could not answer. */
  readonly retry: () => void;
}

/** Where it covers the page, of which nothing can have the focus then. */
const NARROW = matchMedia('screen and (max-width: 900px)');
const COVERED = 'body > :not(dialog, .banner, .request-error)';

/** The side panel: all about one observation, at any row that is clicked. Escape closes it. */
export function startObservation(attempt: Attempt): ObservationPanel {
  const dialog = byId<HTMLDialogElement>('observation');
  let opener: Element | null = null;
  let shown = '';
  let shownAt: string | undefined;
  /** The address names one that the server could not give when it was asked, but may. */
  let isMissing = false;
  const markCovered = () => {
    const isCovered = dialog.open && NARROW.matches;
    for (const part of document.querySelectorAll<HTMLElement>(COVERED)) part.inert = isCovered;
  };
  NARROW.addEventListener('change', markCovered);
  const show = (mjd: number, wish: Wish, { takesFocus } = { takesFocus: true }) => {
    const wanted = addressed('at');
    return attempt('observation', () => fetchAndShow(mjd, wanted, takesFocus), wish);
  };
  const fetchAndShow = async (mjd: number, wanted: string | undefined, takesFocus: boolean) => {
    const observation = await fetchObservation(mjd).catch((error) => {
      if (addressed('at') === wanted) isMissing = !(error instanceof Refused);
      throw error;
    });
    if (addressed('at') !== wanted) return;
    isMissing = false;
    byId('observation-title').textContent = `${utc(observation.timestamp)} UTC`;
    // Somebody may be selecting text in it.
    if (JSON.stringify(observation) !== shown) renew(byId('observation-body'), ...contentOf(observation));
    shown = JSON.stringify(observation);
    shownAt = wanted;
    if (!takesFocus) return;
    if (!dialog.open) {
      opener = document.activeElement;
      dialog.show();
      markCovered();
    }
    byId('observation-title').focus();
  };
  const close = () => {
    dialog.close();
    markCovered();
    if (!(opener instanceof HTMLElement)) return;
    // What opened it may have been drawn again meanwhile, or be gone.
    const back = opener.isConnected ? opener : (likeOf(opener, document) ?? byId('map'));
    back.focus();
  };
  const open = async (mjd: number) => {
    const wanted = String(mjd);
    remember({ at: wanted }, 'push');
    const isShown = await show(mjd, 'act');
    // What could not be fetched is not chosen: what is on show is.
    if (!isShown && addressed('at') === wanted)
      remember({ at: dialog.open ? shownAt : undefined }, 'replace');
  };
  const leave = () => {
    remember({ at: undefined }, 'push');
    close();
  };
  onLink('at', (value) => void open(Number(value)));
  byId('observation-close').addEventListener('click', leave);
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !dialog.open || event.defaultPrevented) return;
    event.preventDefault();
    leave();
  });
  const follows = () => {
    const at = addressed('at');
    if (at !== undefined && Number.isFinite(Number(at))) void show(Number(at), 'refresh');
    else if (dialog.open) close();
  };
  follow(['at'], follows);
  follows();
  const showAgain = () => {
    const at = addressed('at');
    if (at !== undefined && (dialog.open || isMissing))
      void show(Number(at), 'refresh', { takesFocus: !dialog.open });
  };
  return {
    open: (mjd) => void open(mjd),
    renew: showAgain,
    retry: () => isMissing && showAgain(),
  };
}

function contentOf(observation: OneObservation): Node[] {
  const { path, timestamp, ra_deg, dec_deg, ra_icrs_deg, dec_icrs_deg } = observation;
  const position = (ra: number | null, dec: number | null) =>
    ra === null || dec === null
      ? '–'
      : `${hoursMinutesSeconds(ra)} ${degreesMinutesSeconds(dec)} (${fixed360(ra, 4)}° ${signedDegrees(dec)})`;
  const { previous_mjd, next_mjd } = observation;
  return [
    element('h3', {}, 'File'),
    path === null ? element('p', { class: 'muted' }, 'Not known') : pathWithCopy(path),
    definitions([
      ['Sub-bands', dots(observation.sub_bands), ...wordsBeside(observation.sub_bands)],
      ['Quality', observation.quality?.join(', ') ?? 'not known'],
      ...(observation.duration_seconds === null
        ? []
        : [['Duration', `${observation.duration_seconds.toFixed(1)} s`] as const]),
    ]),
    element('h3', {}, 'Mid time'),
    definitions([
      ['UTC', utc(timestamp)],
      ['MJD', timestamp.toFixed(6)],
      // Of the observation's own telescope.
      ['LST', hoursMinutesSeconds(ra_deg + observation.ha_deg, 0)],
    ]),
    element('h3', {}, 'Direction'),
    definitions([
      ['ICRS', position(ra_icrs_deg, dec_icrs_deg)],
      ['Apparent', position(ra_deg, dec_deg)],
      [
        'Galactic',
        `l ${fixed360(observation.galactic_l_deg, 4)}° b ${signedDegrees(observation.galactic_b_deg)}`,
      ],
      ['Hour angle', signedDegrees(observation.ha_deg)],
      [
        'Altitude, azimuth',
        `${observation.elevation_deg.toFixed(3)}°, ${fixed360(observation.azimuth_deg, 3)}°`,
      ],
    ]),
    element('h3', {}, 'Calibrators in the beam'),
    observation.calibrators.length === 0
      ? element('p', { class: 'muted' }, 'None with a known flux density of 1 Jy or more at 20 cm.')
      : table(
          'Calibrators in the beam',
          [
            { name: 'Name', cell: ({ name, alt_name }) => sourceLink(name, alt_name || name) },
            { name: 'Jy', number: true, cell: ({ flux_20cm_jy }) => flux_20cm_jy?.toFixed(1) ?? '–' },
            { name: 'Offset', number: true, cell: ({ offset_deg }) => `${offset_deg.toFixed(2)}°` },
            { name: 'Response', number: true, cell: ({ peak_response }) => peak_response.toFixed(2) },
          ],
          observation.calibrators,
        ),
    element('h3', {}, 'Neighbours'),
    element(
      'p',
      { class: 'neighbours' },
      previous_mjd === null ? 'The first' : observationLink(previous_mjd, `← ${utc(previous_mjd)}`),
      ' ',
      next_mjd === null ? 'The newest' : observationLink(next_mjd, `${utc(next_mjd)} →`),
    ),
    element(
      'p',
      {},
      element('a', { href: addressWith({ at: String(timestamp) }) }, 'Link to this observation'),
    ),
  ];
}

/** For those who see the dots; the others hear the same as their name. */
function wordsBeside(subBands: OneObservation['sub_bands']): HTMLElement[] {
  if (subBands === null) return [];
  // Lines do not end within sb07–sb09.
  const words = subBandWords(subBands).replaceAll('–', '\u2060–\u2060');
  return [element('span', { 'aria-hidden': 'true' }, ` ${words}`)];
}

/** With a button that copies it. */
export function pathWithCopy(path: string): HTMLElement {
  const button = element('button', { type: 'button', 'aria-label': `Copy ${path}` }, 'Copy');
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard?.writeText(path).then(
      () => true,
      () => false,
    );
    // Without HTTPS a page cannot copy; the text can still be selected.
    button.textContent = copied ? 'Copied' : 'Select and copy';
  });
  return element('p', { class: 'path-copy' }, element('code', {}, path), button);
}
