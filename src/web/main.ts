/**
 * The page: where the telescope points, how the monitor is, and what has been covered. It asks the server once, then
 * follows its events; nothing here computes astrometry.
 */
import { startTheme } from './colours.js';
import { startControls } from './controls.js';
import * as api from './data/api.js';
import { listen } from './data/live.js';
import { byId } from './element.js';
import { degreesMinutesSeconds, hoursMinutesSeconds } from './format.js';
import { SkyMap } from './map/sky-map.js';
import { showHealth } from './panels/chips.js';
import { showCounters, showFailureCount } from './panels/counters.js';
import { showFailures, startFailures } from './panels/failures.js';
import { showHosts } from './panels/hosts.js';
import { showLegend } from './panels/legend.js';
import { showLatest, showTimes } from './panels/now.js';
import { startTip } from './panels/tip.js';
import { showInBeam, showTransits } from './panels/transits.js';
import { TimeView } from './view.js';

const STATUS_EVERY_MS = 15_000;
const TRANSITS_EVERY_MS = 60_000;
/** A backfill changes rows all the time; the page follows at its own pace. */
const RELOAD_AT_MOST_EVERY_MS = 3000;

const canvas = byId<HTMLCanvasElement>('map');
startTheme(byId<HTMLButtonElement>('theme'));
const map = new SkyMap(canvas);
const view = new TimeView(map);
let latest: { readonly answer: api.Latest; readonly receivedAtMs: number } | undefined;
let health: api.Health = { running: false, healthy: false, issues: [] };
let connected = true;

const showClocks = () => {
  if (latest) showTimes(latest.answer, latest.receivedAtMs);
};

/** Runs a task; a failure is shown until a later task succeeds. */
async function attempt(task: () => Promise<void>): Promise<void> {
  const trouble = byId('trouble');
  try {
    await task();
    trouble.hidden = true;
  } catch (error) {
    trouble.textContent = `The server does not answer as it should: ${(error as Error).message}`;
    trouble.hidden = false;
  }
}

async function refreshLatest(): Promise<void> {
  const answer = await api.fetchLatest();
  latest = { answer, receivedAtMs: performance.now() };
  view.newestMjd = answer.observation?.timestamp;
  showLatest(answer);
  showClocks();
  const { observation } = answer;
  if (observation?.ra_icrs_deg == null || observation.dec_icrs_deg === null) return;
  map.setPointing({ raIcrsDeg: observation.ra_icrs_deg, decIcrsDeg: observation.dec_icrs_deg });
  const ra = hoursMinutesSeconds(observation.ra_icrs_deg, 0);
  const dec = degreesMinutesSeconds(observation.dec_icrs_deg);
  canvas.setAttribute(
    'aria-label',
    `Map of the sky in ICRS. The telescope points at right ascension ${ra}, declination ${dec}. Arrow keys move, plus and minus zoom, 0 shows all.`,
  );
}

async function refreshStatus(): Promise<void> {
  const status = await api.fetchStatus();
  showCounters(status);
  showHosts(status.hosts ?? []);
  showInBeam('error' in status || !status.running || status.stale ? [] : status.in_beam);
  health = status;
  showHealth(health, connected);
}

async function refreshFailures(): Promise<void> {
  const failures = await api.fetchFailures();
  showFailureCount(failures);
  showFailures(failures);
}

const refreshTransits = async () =>
  showTransits(await api.fetchTransits(), latest?.answer.observation ?? undefined);

async function refreshCalibrators(): Promise<void> {
  const { value } = byId<HTMLSelectElement>('flux');
  map.setCalibrators(value === 'none' ? [] : await api.fetchCalibrators(Number(value)));
}

let reloadAwaited = false;
function reloadSoon(): void {
  if (reloadAwaited) return;
  reloadAwaited = true;
  setTimeout(() => {
    reloadAwaited = false;
    void attempt(async () => {
      await Promise.all([refreshLatest(), refreshStatus(), refreshFailures()]);
      await view.load(true);
    });
  }, RELOAD_AT_MOST_EVERY_MS);
}

listen({
  health(now) {
    health = now;
    showHealth(health, connected);
    void attempt(refreshStatus);
  },
  observation(row) {
    void attempt(async () => {
      await refreshLatest();
      view.add(row);
      await refreshTransits();
    });
  },
  changed: reloadSoon,
  connection(open) {
    connected = open;
    showHealth(health, connected);
  },
});

showLegend();
startFailures();
startControls(view, map, () => void attempt(() => view.load()));
startTip(canvas, map, () => view.track);
setInterval(showClocks, 1000);
byId('flux').addEventListener('change', () => void attempt(refreshCalibrators));

await attempt(refreshLatest);
void attempt(() => view.load());
void attempt(refreshCalibrators);
void attempt(refreshStatus);
void attempt(refreshFailures);
void attempt(refreshTransits);
setInterval(() => void attempt(refreshStatus), STATUS_EVERY_MS);
setInterval(() => void attempt(refreshTransits), TRANSITS_EVERY_MS);
