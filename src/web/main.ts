/**
 * The page: where the telescope points, how the monitor is, and what has been covered. It asks the server once, then
 * follows its events. Of astrometry it only lets right ascension advance between two observations.
 */
import { startTheme } from './colours.js';
import { startControls } from './controls.js';
import * as api from './data/api.js';
import { onConnectionChange, ServerUnreachable } from './data/connection.js';
import { SIDEREAL_DEG_PER_SECOND } from './data/exposure.js';
import { listen } from './data/live.js';
import { predict } from './data/pointing.js';
import { byId } from './element.js';
import { startMapButtons } from './map/buttons.js';
import { SkyMap } from './map/sky-map.js';
import { showConnection } from './panels/banner.js';
import { showHealth, showWarnings } from './panels/chips.js';
import { showCounters, showFailureCount } from './panels/counters.js';
import { showFailures, startFailures } from './panels/failures.js';
import { showHosts } from './panels/hosts.js';
import { showLegend } from './panels/legend.js';
import { showClocks, showLatest, showPrediction } from './panels/now.js';
import { showSentence } from './panels/sentence.js';
import { startTip } from './panels/tip.js';
import { type InBeam, showInBeam, showTransits } from './panels/transits.js';
import { TimeView } from './view.js';

const STATUS_EVERY_MS = 15_000;
const TRANSITS_EVERY_MS = 60_000;

const canvas = byId<HTMLCanvasElement>('map');
startTheme(byId<HTMLButtonElement>('theme'));
const map = new SkyMap(canvas);
const view = new TimeView(map, attempt);
let latest: { readonly answer: api.Latest; readonly receivedAtMs: number } | undefined;
let health: api.Health | undefined;
let inBeam: InBeam = [];
let transits: readonly api.Transit[] = [];

/** What the server said last, brought up to this second. */
function tick(): void {
  if (!latest) return;
  const { now, observation } = latest.answer;
  const elapsedSeconds = (performance.now() - latest.receivedAtMs) / 1000;
  const mjd = now.mjd + elapsedSeconds / 86_400;
  showClocks(now.lst_deg + elapsedSeconds * SIDEREAL_DEG_PER_SECOND, mjd);
  const prediction = predict(observation, mjd, !health || (health.running && !health.stale));
  showPrediction(prediction);
  showSentence(prediction, observation, transits, inBeam, mjd);
  showInBeam(prediction?.state === 'unknown' ? [] : inBeam);
  map.setPointing(prediction, observation ?? undefined);
}

/** Runs a task, true where it succeeded. A failure is shown until a later task succeeds. */
async function attempt(task: () => Promise<void>): Promise<boolean> {
  const trouble = byId('trouble');
  try {
    await task();
    trouble.hidden = true;
    return true;
  } catch (error) {
    // The banner tells of an unreachable server.
    trouble.hidden = error instanceof ServerUnreachable;
    trouble.textContent = `Request failed: ${(error as Error).message}`;
    return false;
  }
}

async function refreshLatest(): Promise<void> {
  const answer = await api.fetchLatest();
  latest = { answer, receivedAtMs: performance.now() };
  view.newestMjd = answer.observation?.timestamp;
  showLatest(answer);
  tick();
}

async function refreshStatus(): Promise<void> {
  const status = await api.fetchStatus();
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
  inBeam = known?.running && !known.stale ? (known.in_beam ?? []) : [];
  health = status;
  showHealth(health);
  tick();
}

async function refreshFailures(): Promise<void> {
  const failures = await api.fetchFailures();
  showFailureCount(failures);
  showFailures(failures);
}

async function refreshTransits(): Promise<void> {
  transits = await api.fetchTransits();
  showTransits(transits, latest?.answer.observation ?? undefined);
  tick();
}

async function refreshCalibrators(): Promise<void> {
  const { value } = byId<HTMLSelectElement>('flux');
  map.setCalibrators(value === 'none' ? [] : await api.fetchCalibrators(Number(value)));
}

onConnectionChange((connection) => {
  showConnection(connection);
  showHealth(connection.lostAt ? undefined : health);
});

listen({
  health(now) {
    health = now;
    showHealth(health);
    void attempt(refreshStatus);
  },
  observation(row) {
    void attempt(async () => {
      await refreshLatest();
      view.add(row);
      await refreshTransits();
    });
  },
  changed(span) {
    void attempt(async () => {
      await Promise.all([refreshStatus(), refreshFailures()]);
      if (span) await refreshLatest();
    });
    if (span) view.changed(span);
  },
  interrupted: () => void attempt(refreshStatus),
});

showLegend();
startFailures();
startMapButtons(map);
startControls(view, () => attempt(() => view.load()));
startTip(canvas, map, () => view.track);
setInterval(tick, 1000);
byId('flux').addEventListener('change', () => void attempt(refreshCalibrators));

await attempt(refreshLatest);
for (const task of [() => view.load(), refreshCalibrators, refreshStatus, refreshFailures, refreshTransits])
  void attempt(task);
setInterval(() => void attempt(refreshStatus), STATUS_EVERY_MS);
setInterval(() => void attempt(refreshTransits), TRANSITS_EVERY_MS);
