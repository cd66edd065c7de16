/**
 * The page: where the telescope points, how the monitor is, and what has been covered. It asks the server once, then
 * follows its events. Of astrometry it only lets right ascension advance between two observations.
 */
import { addressed, follow, remember } from './address.js';
import { attempt, forgetUnreachable, startDismissal } from './attempt.js';
import { startTheme } from './colours.js';
import { startControls } from './controls.js';
import * as api from './data/api.js';
import { nowMjd } from './data/clock.js';
import { onConnectionChange } from './data/connection.js';
import { INSTRUMENT_REVISION, knowInstrument, TELESCOPE } from './data/instrument.js';
import { listen } from './data/live.js';
import { predict } from './data/pointing.js';
import { spanOfText } from './data/range.js';
import { byId } from './element.js';
import { startMapButtons } from './map/buttons.js';
import { startLegend } from './map/legend.js';
import { startReadout } from './map/readout.js';
import { SkyMap } from './map/sky-map.js';
import { startMapAddress } from './map-address.js';
import { oneAtATime } from './one-at-a-time.js';
import { showConnection } from './panels/banner.js';
import { showHealth, showPointing, showWarnings } from './panels/chips.js';
import { showCounters } from './panels/counters.js';
import { startExport } from './panels/export.js';
import { showHosts } from './panels/hosts.js';
import { onLink } from './panels/links.js';
import { showClocks, showLatest, showPrediction } from './panels/now.js';
import { startObservation } from './panels/observation.js';
import { showRecent } from './panels/recent.js';
import { showSentence } from './panels/sentence.js';
import { Tabs } from './panels/tabs.js';
import { startTip } from './panels/tip.js';
import { secondsLeft, showInBeam, showTransits } from './panels/transits.js';
import { startSearch } from './search.js';
import { fetchShown, startTelescopes } from './telescopes.js';
import { knowTimes, lstDegAt, onTimeScaleChange, startTimes } from './times.js';
import { TimeView } from './view.js';
import { startWall } from './wall.js';

const STATUS_EVERY_MS = 15_000;
const TRANSITS_EVERY_MS = 60_000;
/** In Jy. */
const DEFAULT_FLUX = '5';

const canvas = byId<HTMLCanvasElement>('map');
startTheme(byId<HTMLButtonElement>('theme'));
startDismissal();
const map = new SkyMap(canvas);
const tabs = new Tabs(attempt);
const { open: openObservation, renew: renewObservation, retry: retryObservation } = startObservation(attempt);
const view = new TimeView(map, attempt, (seen) => tabs.show(seen), openObservation);
let latest: api.Latest | undefined;
/** Until its first status comes, the monitor is taken for running. */
let isWatched = true;
let transits: readonly api.Transit[] = [];
let recent: readonly api.RecentItem[] = [];

/** What the server said last, brought up to this second. */
function tick(): void {
  if (!latest) return;
  const { observation, in_beam: inBeam } = latest;
  const mjd = nowMjd();
  const lstDeg = lstDegAt(mjd);
  showClocks(lstDeg, mjd);
  const prediction = predict(observation, mjd, lstDeg, isWatched);
  showPointing(prediction);
  showPrediction(prediction, observation?.elevation_deg ?? null);
  const isKnown = isWatched && prediction?.state !== 'unknown';
  const inBeamNow = isKnown ? inBeam.filter((source) => secondsLeft(source, mjd) > 0) : [];
  showSentence(prediction, observation, transits, inBeamNow, mjd);
  showInBeam(inBeamNow);
  map.setPointing(prediction, observation ?? undefined);
  byId<HTMLButtonElement>('zoom-telescope').disabled = !observation;
}

/** Undefined where nobody knows. */
function setHealth(now: api.Health | undefined): void {
  isWatched = now?.running === true && !now.stale;
  showHealth(now);
  tick();
}

/** A task that is done again and again; what fails is shown by this name. */
function repeated(name: string, task: () => Promise<void>): () => Promise<boolean> {
  const once = oneAtATime(task);
  return () => attempt(name, once);
}

const newestOf = ({ observation }: api.Latest) => observation?.timestamp ?? null;

const refreshLatest = repeated('latest', async () => {
  const before = latest && newestOf(latest);
  latest = await fetchShown(latest);
  const { now, observation, instrument } = latest;
  knowTimes(now.mjd, now.lst_deg, latest.tookSeconds);
  const revision = INSTRUMENT_REVISION;
  knowInstrument(instrument);
  if (INSTRUMENT_REVISION !== revision) view.paintAgain();
  view.knowNewest(observation?.timestamp);
  showLatest(latest);
  tick();
  if (newestOf(latest) === before) return;
  for (const refresh of [refreshTransits, refreshRecent, renewObservation]) void refresh();
});

const refreshStatus = repeated('status', async () => {
  const status = await api.fetchStatus().catch((error) => {
    setHealth(undefined);
    throw error;
  });
  // First: a status that the rest cannot show tells the health too.
  setHealth(status);
  showCounters(status);
  showHosts(status.hosts ?? []);
  const known = 'error' in status ? undefined : status;
  const { maintenance } = known ?? {};
  showWarnings([
    ...(maintenance
      ? [`Alerts are silenced until ${maintenance.until_iso.slice(0, 16)}Z: ${maintenance.reason}`]
      : []),
    ...(known?.warnings ?? []),
  ]);
});

const refreshRecent = repeated('recent', async () => {
  recent = await api.fetchRecent();
  showRecent(recent);
});

const refreshTransits = repeated('transits', async () => {
  transits = await api.fetchTransits();
  showTransits(transits, latest?.observation ?? undefined);
  tick();
});

const refreshSky = repeated('sky', async () => map.setSky(await api.fetchSky()));

const refreshCalibrators = repeated('calibrators', async () => {
  const { value } = byId<HTMLSelectElement>('flux');
  map.setCalibrators(value === 'none' ? [] : await api.fetchCalibrators(Number(value)));
});

onConnectionChange((connection) => {
  showConnection(connection);
  if (connection.lostMjd !== undefined) {
    setHealth(undefined);
    return;
  }
  forgetUnreachable();
  tabs.refresh();
  retryAddressed();
});

listen({
  health(now) {
    setHealth(now);
    void refreshStatus();
  },
  observation(row) {
    if (row.instrument === (TELESCOPE ?? row.instrument)) view.add(row);
    void refreshLatest();
  },
  changed(span) {
    void refreshStatus();
    tabs.refresh('failures');
    if (!span) return;
    view.changed(span);
    for (const refresh of [refreshLatest, refreshRecent, renewObservation]) void refresh();
  },
  interrupted: () => void refreshStatus(),
});

const flux = byId<HTMLSelectElement>('flux');
const followFlux = () => {
  flux.value = addressed('flux') ?? DEFAULT_FLUX;
  // The address can name one that is not offered.
  if (flux.selectedIndex < 0) flux.value = DEFAULT_FLUX;
  void refreshCalibrators();
};
flux.addEventListener('change', () => {
  remember({ flux: flux.value }, 'push');
  void refreshCalibrators();
});
follow(['flux'], followFlux);

// The map takes the room that is left on the screen.
const main = document.querySelector('main') as HTMLElement;
new ResizeObserver(() => main.style.setProperty('--above', `${main.offsetTop}px`)).observe(document.body);

startLegend(map.state);
startReadout(canvas, map);
startTimes();
startTelescopes(() => {
  const instrument = refreshLatest();
  void refreshSky();
  void attempt('range', () => view.load(instrument));
});
onTimeScaleChange(() => {
  if (!latest) return;
  showLatest(latest);
  showRecent(recent);
  showTransits(transits, latest.observation ?? undefined);
});
startMapButtons(map);
startMapAddress(map.state);
startControls(view, attempt);
startExport(map, view, attempt);
const { find, retry: retrySearch } = startSearch({
  view,
  tabs,
  openObservation,
  mark: (place) => map.mark(place),
  attempt,
});
/** What the address names, and the server could not answer. */
function retryAddressed(): void {
  retryObservation();
  retrySearch();
}
startTip(canvas, map, { observation: openObservation, source: find });
onLink('brush', (text) => view.select(spanOfText(text)));
setInterval(tick, 1000);
const isWall = addressed('kiosk') !== undefined;
document.body.toggleAttribute('data-kiosk', isWall);

const firstLatest = refreshLatest();
if (isWall) void startWall(attempt, firstLatest);
await firstLatest;
followFlux();
void refreshSky();
void attempt('range', () => view.load());
void refreshStatus();
// Events may come late, or from a dead connection never.
for (const refresh of [refreshStatus, refreshLatest, () => tabs.retry(), retryAddressed])
  setInterval(() => void refresh(), STATUS_EVERY_MS);
// The other sub-bands of an observation change no row.
for (const refresh of [refreshTransits, refreshRecent, refreshSky, refreshCalibrators])
  setInterval(() => void refresh(), TRANSITS_EVERY_MS);
